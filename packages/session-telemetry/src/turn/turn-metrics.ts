import type { Tags } from '@codex-otel/metrics';
import { codexMetricNames } from '@codex-otel/metrics';
import type { SessionTask, TokenUsage, TokenUsagePart } from '@codex-otel/token-usage';
import { isReported } from '@codex-otel/token-usage';
import type { TurnSession } from './turn-session.ts';

/** What a turn came to. */
export interface TurnTotals {
  readonly durationMillis: number;
  readonly aborted: boolean;
  readonly toolCalls: number;
  /** Absent where no response reported any. */
  readonly usage: TokenUsage | undefined;
}

/** Readers of the original find this tag on the turn's histograms; what it is about does not exist here. */
const TURN_TAGS = { tmp_mem_enabled: 'false' } as const;

/** The counters of a turn, by what it is for. */
const TURN_COUNTERS: ReadonlyMap<string, readonly (readonly [name: string, tags?: Tags])[]> = new Map([
  ['regular', [[codexMetricNames.conversationTurnCount]]],
  ['review', [[codexMetricNames.conversationTurnCount], [codexMetricNames.taskReview]]],
  ['compact', [[codexMetricNames.taskCompact, { type: 'local', manual: 'true' }]]],
  ['user_shell', [[codexMetricNames.taskUserShell]]],
]);

/** Counts the turn that starts. */
export function countTurn(session: TurnSession, { kind }: SessionTask): void {
  for (const [name, tags] of TURN_COUNTERS.get(kind) ?? []) session.counter(name, 1, tags);
}

/**
 * Records how long a turn took, how many tools it called and how many tokens it used, by their type. Of an aborted turn
 * the calls are not recorded: they would look like those of a shorter one.
 */
export function recordTurnMetrics(session: TurnSession, totals: TurnTotals): void {
  const { durationMillis, aborted, toolCalls, usage } = totals;
  session.recordDuration(codexMetricNames.turnE2eDuration, durationMillis);
  if (!aborted) session.histogram(codexMetricNames.turnToolCall, toolCalls, TURN_TAGS);
  if (usage === undefined) return;
  const tokens: readonly (readonly [type: string, tokens: number, part?: TokenUsagePart])[] = [
    ['total', usage.totalTokens],
    ['input', usage.inputTokens],
    ['cached_input', usage.cachedInputTokens, 'cachedInputTokens'],
    ['output', usage.outputTokens],
    ['reasoning_output', usage.reasoningOutputTokens, 'reasoningOutputTokens'],
    ['cache_write_input', usage.cacheWriteInputTokens, 'cacheWriteInputTokens'],
  ];
  for (const [type, count, part] of tokens) {
    // Not reported is not 0, which would draw the distribution down.
    if (part !== undefined && !isReported(usage, part)) continue;
    session.histogram(codexMetricNames.turnTokenUsage, count, { token_type: type, ...TURN_TAGS });
  }
}
