import { diag } from '@opentelemetry/api';

const PREFIX = 'codex-otel/session-telemetry:';

/** Reports that something could not be done. Messages hold no content. */
export function reportFailure(what: string, error: unknown): void {
  diag.error(`${PREFIX} cannot ${what}`, error);
}

/** Reports what was left out or left unchanged. */
export function reportWarning(what: string, ...cause: readonly unknown[]): void {
  diag.warn(`${PREFIX} ${what}`, ...cause);
}
