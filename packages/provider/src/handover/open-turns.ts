import type { Tracer } from '@opentelemetry/api';
import { diag } from '@opentelemetry/api';

/** How open turns end with the process. */
export type ProcessEnding = { readonly status: 'aborted' } | { readonly status: 'failed'; readonly error: unknown };

/** Where session-telemetry keeps functions that end its open turns. Neither package imports the other. */
const openTurnsKey = Symbol.for('@codex-otel/open-turns.v1');

/**
 * Ends the open turns of the process, and their spans.
 *
 * @param tracer - only the turns of this tracer
 */
export function endOpenTurns(ending: ProcessEnding, tracer?: Tracer): void {
  const turns: unknown = Reflect.get(globalThis, openTurnsKey);
  if (!(turns instanceof Set)) return;
  for (const end of [...turns]) {
    try {
      if (typeof end === 'function' && (tracer === undefined || leadsTo(Reflect.get(end, 'tracer'), tracer)))
        end(ending);
    } catch (error) {
      diag.error('codex-otel/provider: an open turn could not be ended', error);
    }
  }
}

/** Whether a turn's tracer is `tracer`, or one that passes on to it. */
function leadsTo(own: unknown, tracer: Tracer): boolean {
  return own === tracer || (typeof own === 'object' && own !== null && Reflect.get(own, 'target') === tracer);
}
