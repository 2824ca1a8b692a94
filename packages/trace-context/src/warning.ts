import { diag } from './api.ts';

/** Tells whoever listens to OpenTelemetry's `diag`; nobody does by default. */
export function warn(message: string): void {
  diag.warn(`codex-otel/trace-context: ${message}`);
}
