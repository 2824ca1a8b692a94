import type { TokenUsage } from '@codex-otel/token-usage';
import type { Tracer } from '@opentelemetry/api';

/** What a turn is doing. If it does several things, the first in this list. */
export type TurnPhase = 'user_wait' | 'auto_review' | 'tool' | 'sampling' | 'overhead';

/** A running tool call. */
export interface OpenTool {
  /** The name of the tool. */
  readonly toolName: string;
  /** The id of the tool call. */
  readonly callId: string;
  /** When it started, in Unix milliseconds. */
  readonly sinceUnixMillis: number;
}

/** A turn that has not ended. It holds names, ids, times and counts, but no content. */
export interface OpenTurn {
  /** The id of the turn. */
  readonly turnId: string;
  /** The thread's id. */
  readonly conversationId: string;
  /** When it started, in Unix milliseconds. */
  readonly startedAtUnixMillis: number;
  /** `sampling`: the model was asked, and its answer is not complete. `overhead`: the agent itself is busy. */
  readonly phase: TurnPhase;
  /** When the phase began, in Unix milliseconds. */
  readonly phaseSinceUnixMillis: number;
  /** Tokens of the responses that are complete. */
  readonly usage: TokenUsage;
  /** The running tool calls. */
  readonly openTools: readonly OpenTool[];
}

/** Why a turn is ended together with the process. */
export type ProcessEnding = { readonly status: 'aborted' } | { readonly status: 'failed'; readonly error: unknown };

/** Ends the open spans of a turn. */
type EndTurn = (ending: ProcessEnding) => void;

/**
 * The turns with open spans, of all sessions in the process. `provider` reads this key and ends them when the process ends,
 * and those of its own tracer when it is shut down, so that neither package depends on the other.
 */
const openTurnsKey = Symbol.for('@codex-otel/open-turns.v1');

/** Limits the open turns that are kept. Beyond it, the host has forgotten to end its turns. */
const maxOpenTurns = 10_000;

/**
 * Ends a turn together with the process, or with the provider of its tracer, if it is still open then.
 *
 * @returns a function that cancels this
 */
export function endWithProcess(end: EndTurn, tracer: Tracer): () => void {
  Object.defineProperty(end, 'tracer', { value: tracer });
  const shared = globalThis as { [openTurnsKey]?: Set<EndTurn> };
  shared[openTurnsKey] ??= new Set();
  const turns = shared[openTurnsKey];
  addBounded(turns, end);
  return () => turns.delete(end);
}

/** The open turns of a session and its copies. */
export class OpenTurns {
  readonly #turns = new Set<() => OpenTurn>();

  /** @returns a function that removes the turn */
  add(describe: () => OpenTurn): () => void {
    addBounded(this.#turns, describe);
    return () => this.#turns.delete(describe);
  }

  /** Oldest first. */
  list(): readonly OpenTurn[] {
    return Array.from(this.#turns, (describe) => describe());
  }
}

function addBounded<T>(set: Set<T>, item: T): void {
  const [oldest] = set;
  if (set.size >= maxOpenTurns && oldest !== undefined) set.delete(oldest);
  set.add(item);
}
