import type { TurnProfileOptions } from '../events/turn-profile.ts';
import type { TurnProgressOptions } from '../events/turn-progress.ts';
import type { CriticalPath } from './critical-path.ts';
import { guard } from './guard.ts';
import type { OpenTurn, OpenTurns } from './open-turns.ts';
import type { TurnTimeline } from './turn-timeline.ts';

/** What a session does with its turns while they are open. */
export interface TurnKeeping {
  readonly openTurns: OpenTurns;
  /** How often an open turn is recorded. @defaultValue never */
  readonly progressIntervalMillis?: number | undefined;
}

/** Adds a turn to the open ones of its session, and records it at the session's interval. @returns a function that stops both */
export function keepTurn(
  { openTurns, progressIntervalMillis }: TurnKeeping,
  describe: () => OpenTurn,
  tell: (turn: OpenTurn) => void,
): () => void {
  const leave = openTurns.add(describe);
  if (progressIntervalMillis === undefined) return leave;
  const timer = setInterval(() => guard('record an open turn', () => tell(describe())), progressIntervalMillis);
  // An open turn must not keep the process alive.
  timer.unref();
  return () => {
    leave();
    clearInterval(timer);
  };
}

/** The options of the record of an open turn. */
export function progressOf(turn: OpenTurn, nowUnixMillis: number): TurnProgressOptions {
  const { turnId, phase, phaseSinceUnixMillis, startedAtUnixMillis, usage, openTools } = turn;
  return {
    turnId,
    phase,
    phaseElapsedMillis: Math.max(nowUnixMillis - phaseSinceUnixMillis, 0),
    elapsedMillis: Math.max(nowUnixMillis - startedAtUnixMillis, 0),
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    totalTokens: usage.totalTokens,
    openToolCount: openTools.length,
    openTools: openTools.length === 0 ? undefined : openTools.map(({ toolName }) => toolName).join(','),
  };
}

/** The options of the profile of a turn at its end. */
export function profileOf(
  turnId: string,
  { durationMillis, components }: CriticalPath,
  { samplingRequests, samplingRetries }: TurnTimeline,
): TurnProfileOptions {
  return {
    turnId,
    durationMillis,
    inferenceMillis: components.inference,
    toolsMillis: components.tools,
    autoReviewMillis: components.auto_review,
    userWaitMillis: components.user_wait,
    overheadMillis: components.overhead,
    unknownMillis: components.unknown,
    samplingRequestCount: samplingRequests,
    samplingRetryCount: samplingRetries,
  };
}
