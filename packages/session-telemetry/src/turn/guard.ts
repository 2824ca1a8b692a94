import { reportFailure } from '../diagnostics.ts';

/** Runs a step of the telemetry; whatever goes wrong in it must not reach the agent. */
export function guard(what: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    reportFailure(what, error);
  }
}
