import type { Tags } from '@codex-otel/metrics';
import { codexMetricNames } from '@codex-otel/metrics';
import type { SessionTask, TokenUsage } from '@codex-otel/token-usage';
import { reportedTokens } from '@codex-otel/token-usage';
import type { TurnSession } from './turn-session.ts';

/** The totals of a turn. */
export interface TurnTotals {
  readonly durationMillis: number;
  readonly aborted: boolean;
  readonly toolCalls: number;
  /** Absent if no response reported any. */
  readonly usage: TokenUsage | undefined;
}

/** Readers of Codex's telemetry expect this tag on the histograms of a turn. The feature that it is about does not exist here. */
const TURN_TAGS = { tmp_mem_enabled: 'false' } as const;

/** The counters of a turn, by its kind of task. */
const TURN_COUNTERS: ReadonlyMap<string, readonly (readonly [name: string, tags?: Tags])[]> = new Map([
  ['regular', [[codexMetricNames.conversationTurnCount]]],
  ['review', [[codexMetricNames.conversationTurnCount], [codexMetricNames.taskReview]]],
  ['compact', [[codexMetricNames.taskCompact, { type: 'local', manual: 'true' }]]],
  ['user_shell', [[codexMetricNames.taskUserShell]]],
]);

/** Counts a turn that starts. */
export function countTurn(session: TurnSession, { kind }: SessionTask): void {
  for (const [name, tags] of TURN_COUNTERS.get(kind) ?? []) session.counter(name, 1, tags);
}

/**
 * Records the duration of a turn, the number of its tool calls, and its tokens by type. The calls of an aborted turn are not
 * recorded, since they would look like those of a shorter turn.
 */
export function recordTurnMetrics(session: TurnSession, totals: TurnTotals): void {
  const { durationMillis, aborted, toolCalls, usage } = totals;
  session.recordDuration(codexMetricNames.turnE2eDuration, durationMillis);
  if (!aborted) session.histogram(codexMetricNames.turnToolCall, toolCalls, TURN_TAGS);
  if (usage === undefined) return;
  const tokens: readonly (readonly [type: string, tokens: number | undefined])[] = [
    ['total', usage.totalTokens],
    ['input', usage.inputTokens],
    ['cached_input', reportedTokens(usage, 'cachedInputTokens')],
    ['output', usage.outputTokens],
    ['reasoning_output', reportedTokens(usage, 'reasoningOutputTokens')],
    ['cache_write_input', reportedTokens(usage, 'cacheWriteInputTokens')],
  ];
  for (const [type, count] of tokens) {
    // A part that was not reported is unknown. Recording 0 would distort the distribution.
    if (count !== undefined)
      session.histogram(codexMetricNames.turnTokenUsage, count, { token_type: type, ...TURN_TAGS });
  }
}
