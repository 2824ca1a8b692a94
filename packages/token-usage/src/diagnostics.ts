import { diag } from '@opentelemetry/api';

const PREFIX = 'codex-otel/token-usage:';

/** Tells that something could not be done. */
export function reportFailure(what: string, error: unknown): void {
  diag.error(`${PREFIX} cannot ${what}`, error);
}

/** Tells of something odd in what was given. */
export function reportWarning(what: string): void {
  diag.warn(`${PREFIX} ${what}`);
}
