import type { TokenUsage } from '@codex-otel/token-usage';
import type { Receiving } from './receiving.ts';
import type { ResponseEnd } from './response-event.ts';
import type { TurnSession } from './turn-session.ts';

/** What the record of a completed response tells of its usage. */
export function usageRecord(
  end: ResponseEnd,
  usage: TokenUsage,
  { startedAt, firstTokenAt }: Receiving,
  requestedEffort: string | undefined,
): Parameters<TurnSession['sseEventCompleted']>[0] {
  return {
    inputTokenCount: usage.inputTokens,
    outputTokenCount: usage.outputTokens,
    cachedTokenCount: usage.cachedInputTokens,
    cacheWriteTokenCount: usage.cacheWriteInputTokens,
    reasoningTokenCount: usage.reasoningOutputTokens,
    toolTokenCount: usage.totalTokens,
    ttftMillis: firstTokenAt === undefined ? undefined : Math.trunc(firstTokenAt - startedAt),
    responseId: end.responseId,
    serviceTier: end.serviceTier,
    modelReasoningEffort: requestedEffort ?? end.reasoningEffort,
  };
}

const COUNTS = ['inputTokens', 'outputTokens', 'totalTokens'] as const;

/** Whether two ends tell of the same numbers. */
export function hasSameUsage(before: ResponseEnd | undefined, { usage }: ResponseEnd): boolean {
  return before !== undefined && COUNTS.every((count) => usage?.[count] === before.usage?.[count]);
}
