import { diag } from '@opentelemetry/api';

/** Why the process ends the turns that nobody ended. */
export type ProcessEnding = { readonly status: 'aborted' } | { readonly status: 'failed'; readonly error: unknown };

/** Where session-telemetry keeps the functions that end what is open of its turns; neither package knows the other. */
const openTurnsKey = Symbol.for('@codex-otel/open-turns.v1');

/** Ends the turns of the process that nobody ended, and their spans. */
export function endOpenTurns(ending: ProcessEnding): void {
  const turns: unknown = Reflect.get(globalThis, openTurnsKey);
  if (!(turns instanceof Set)) return;
  for (const end of [...turns]) {
    try {
      if (typeof end === 'function') end(ending);
    } catch (error) {
      diag.error('codex-otel/provider: an open turn could not be ended at exit', error);
    }
  }
}
