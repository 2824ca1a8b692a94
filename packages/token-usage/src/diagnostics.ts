import { diag } from '@opentelemetry/api';

const PREFIX = 'codex-otel/token-usage:';

/** Reports that something could not be done. */
export function reportFailure(what: string, error: unknown): void {
  diag.error(`${PREFIX} cannot ${what}`, error);
}

/** Warns about unexpected input. */
export function reportWarning(what: string): void {
  diag.warn(`${PREFIX} ${what}`);
}
