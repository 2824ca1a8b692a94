import type { Tags } from '@codex-otel/metrics';
import {
  CONVERSATION_TURN_COUNT_METRIC,
  TASK_COMPACT_METRIC,
  TASK_REVIEW_METRIC,
  TASK_USER_SHELL_METRIC,
  TURN_E2E_DURATION_METRIC,
  TURN_TOKEN_USAGE_METRIC,
  TURN_TOOL_CALL_METRIC,
} from '@codex-otel/metrics';
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
  ['regular', [[CONVERSATION_TURN_COUNT_METRIC]]],
  ['review', [[CONVERSATION_TURN_COUNT_METRIC], [TASK_REVIEW_METRIC]]],
  ['compact', [[TASK_COMPACT_METRIC, { type: 'local', manual: 'true' }]]],
  ['user_shell', [[TASK_USER_SHELL_METRIC]]],
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
  session.recordDuration(TURN_E2E_DURATION_METRIC, durationMillis);
  if (!aborted) session.histogram(TURN_TOOL_CALL_METRIC, toolCalls, TURN_TAGS);
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
    session.histogram(TURN_TOKEN_USAGE_METRIC, count, { token_type: type, ...TURN_TAGS });
  }
}
