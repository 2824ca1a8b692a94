import { diag } from './api.ts';

/** Reports to OpenTelemetry's `diag`, which is silent by default. */
export function warn(message: string): void {
  diag.warn(`codex-otel/trace-context: ${message}`);
}
