import type { TokenUsage } from '@codex-otel/token-usage';

/** What a turn is doing: the first of these that goes on. */
export type TurnPhase = 'user_wait' | 'auto_review' | 'tool' | 'sampling' | 'overhead';

/** A tool call that runs. */
export interface OpenTool {
  readonly toolName: string;
  readonly callId: string;
  /** When it began. */
  readonly sinceUnixMillis: number;
}

/** What is known of a turn that has not ended. No content: names and ids, times and counts. */
export interface OpenTurn {
  readonly turnId: string;
  /** The thread's id. */
  readonly conversationId: string;
  readonly startedAtUnixMillis: number;
  /** `sampling`: the model was asked, and its answer is not complete. `overhead`: the agent itself is busy. */
  readonly phase: TurnPhase;
  /** When the phase began. */
  readonly phaseSinceUnixMillis: number;
  /** Of the responses that are complete. */
  readonly usage: TokenUsage;
  readonly openTools: readonly OpenTool[];
}

/** Why the process ends the turns that nobody ended. */
export type ProcessEnding = { readonly status: 'aborted' } | { readonly status: 'failed'; readonly error: unknown };

/** Ends what is open of a turn. */
type EndTurn = (ending: ProcessEnding) => void;

/**
 * The turns of the process that have open spans, of whichever session. Whoever watches the end of the process ends
 * them: `provider` knows this key, and neither package the other.
 */
const openTurnsKey = Symbol.for('@codex-otel/open-turns.v1');

/** More than a process can be busy with; what is beyond was forgotten by its host. */
const maxOpenTurns = 10_000;

/** Has the process end a turn, should it end first. @returns takes it back. */
export function endWithProcess(end: EndTurn): () => void {
  const shared = globalThis as { [openTurnsKey]?: Set<EndTurn> };
  shared[openTurnsKey] ??= new Set();
  const turns = shared[openTurnsKey];
  addBounded(turns, end);
  return () => turns.delete(end);
}

/** The open turns of a session and its copies. */
export class OpenTurns {
  readonly #turns = new Set<() => OpenTurn>();

  /** @returns takes the turn back. */
  add(describe: () => OpenTurn): () => void {
    addBounded(this.#turns, describe);
    return () => this.#turns.delete(describe);
  }

  /** In the order in which they started. */
  list(): readonly OpenTurn[] {
    return Array.from(this.#turns, (describe) => describe());
  }
}

function addBounded<T>(set: Set<T>, item: T): void {
  const [oldest] = set;
  if (set.size >= maxOpenTurns && oldest !== undefined) set.delete(oldest);
  set.add(item);
}
