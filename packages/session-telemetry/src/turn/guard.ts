import { reportFailure } from '../diagnostics.ts';

/** Runs a step of the telemetry. Errors are reported and do not reach the agent. */
export function guard(what: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    reportFailure(what, error);
  }
}
