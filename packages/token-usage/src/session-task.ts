import { property } from './property.ts';

/** What a turn is for. */
export type TaskKind = 'regular' | 'review' | 'compact' | 'undo' | 'user_shell' | (string & {});

/** A kind of turn: the name of its span, and whether that span carries the turn's token usage. */
export interface SessionTask {
  /** What the turn is for. */
  readonly kind: TaskKind;
  /** The name of the turn's span, which readers compare exactly. */
  readonly spanName: string;
  /** Whether the turn's span gets `codex.turn.token_usage.*` when it ends. */
  recordsTurnTokenUsageOnSpan(): boolean;
}

/** The user's turn: the only one whose span carries its usage. */
export const regularTask: SessionTask = /* @__PURE__ */ task('regular', 'session_task.turn', true);
/** A review of the work so far. */
export const reviewTask: SessionTask = /* @__PURE__ */ task('review', 'session_task.review', false);
/** A compaction that the user requested. It may continue as a regular turn, see `Turn.become`. */
export const compactTask: SessionTask = /* @__PURE__ */ task('compact', 'session_task.compact', false);
/** Undoing a turn. */
export const undoTask: SessionTask = /* @__PURE__ */ task('undo', 'session_task.undo', false);
/** A shell command that the user typed. */
export const userShellTask: SessionTask = /* @__PURE__ */ task('user_shell', 'session_task.user_shell', false);

/**
 * The same task, whose span carries the turn's usage: for hosts that want it on compactions and reviews too, as
 * Codex does from 0.171 on.
 */
export function recordingTurnTokenUsage(task: SessionTask): SessionTask {
  const [kind, spanName] = [property(task, 'kind'), property(task, 'spanName')];
  if (typeof kind !== 'string' || typeof spanName !== 'string') return regularTask;
  return Object.freeze({ kind, spanName, recordsTurnTokenUsageOnSpan: () => true });
}

function task(kind: TaskKind, spanName: string, recordsUsage: boolean): SessionTask {
  return Object.freeze({ kind, spanName, recordsTurnTokenUsageOnSpan: () => recordsUsage });
}
