import { diag } from '@opentelemetry/api';

const prefix = '@codex-otel/config:';

/** Reports something that was ignored or replaced. Silent unless the host has set OpenTelemetry's `diag`. */
export function warn(message: string): void {
  diag.warn(`${prefix} ${message}`);
}

/** Reports something that is as documented and still surprises people. */
export function inform(message: string): void {
  diag.info(`${prefix} ${message}`);
}
