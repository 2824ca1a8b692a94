import { diag } from '@opentelemetry/api';

const PREFIX = 'codex-otel/session-telemetry:';

/** Tells that something could not be done. Messages hold no content. */
export function reportFailure(what: string, error: unknown): void {
  diag.error(`${PREFIX} cannot ${what}`, error);
}

/** Tells what was left out, or left alone. */
export function reportWarning(what: string, ...cause: readonly unknown[]): void {
  diag.warn(`${PREFIX} ${what}`, ...cause);
}
