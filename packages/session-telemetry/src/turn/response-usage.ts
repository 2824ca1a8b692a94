import type { TokenUsage } from '@codex-otel/token-usage';
import type { ResponseEnd } from './response-event.ts';
import type { TurnSession } from './turn-session.ts';

/** The options of the record of a completed response. */
export function usageRecord(
  end: ResponseEnd,
  usage: TokenUsage,
  ttftMillis: number | undefined,
  requestedEffort: string | undefined,
): Parameters<TurnSession['sseEventCompleted']>[0] {
  return {
    inputTokenCount: usage.inputTokens,
    outputTokenCount: usage.outputTokens,
    cachedTokenCount: usage.cachedInputTokens,
    cacheWriteTokenCount: usage.cacheWriteInputTokens,
    reasoningTokenCount: usage.reasoningOutputTokens,
    toolTokenCount: usage.totalTokens,
    ttftMillis,
    responseId: end.responseId,
    serviceTier: end.serviceTier,
    modelReasoningEffort: requestedEffort ?? end.reasoningEffort,
  };
}

const COUNTS = ['inputTokens', 'outputTokens', 'totalTokens'] as const;

/** Whether two ends report the same usage. */
export function hasSameUsage(before: ResponseEnd | undefined, { usage }: ResponseEnd): boolean {
  return before !== undefined && COUNTS.every((count) => usage?.[count] === before.usage?.[count]);
}
