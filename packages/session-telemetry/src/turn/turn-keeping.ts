import type { TurnProfileOptions } from '../events/turn-profile.ts';
import type { TurnProgressOptions } from '../events/turn-progress.ts';
import type { CriticalPath } from './critical-path.ts';
import { guard } from './guard.ts';
import type { OpenTurn, OpenTurns } from './open-turns.ts';
import type { TurnTimeline } from './turn-timeline.ts';

/** How a session keeps its turns while they are open. */
export interface TurnKeeping {
  readonly openTurns: OpenTurns;
  /** How often an open turn is recorded; never where it is absent. */
  readonly progressIntervalMillis?: number | undefined;
}

/** Keeps a turn in the list of its session, and tells of it at the session's interval. @returns ends both. */
export function keepTurn(
  { openTurns, progressIntervalMillis }: TurnKeeping,
  describe: () => OpenTurn,
  tell: (turn: OpenTurn) => void,
): () => void {
  const leave = openTurns.add(describe);
  if (progressIntervalMillis === undefined) return leave;
  const timer = setInterval(() => guard('tell of an open turn', () => tell(describe())), progressIntervalMillis);
  // An open turn must not keep the process.
  timer.unref();
  return () => {
    leave();
    clearInterval(timer);
  };
}

/** What the record of an open turn says of it. */
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

/** What the profile of a turn says at its end. */
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
