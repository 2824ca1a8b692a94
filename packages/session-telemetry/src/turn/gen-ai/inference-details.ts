import type { TokenUsage } from '@codex-otel/token-usage';
import { failureAttributes, isReported, responseUsageAttributes, spanAttributes } from '@codex-otel/token-usage';
import type { Attributes, Context } from '@opentelemetry/api';
import { guard } from '../guard.ts';
import type { TurnSession } from '../turn-session.ts';
import type { InferenceOutcome } from './inference-call.ts';
import { requestInstructions, requestMessages } from './messages.ts';

/** Records the content of a call that is over, where the session may. */
export function recordInferenceDetails(session: TurnSession, outcome: InferenceOutcome, at: Context): void {
  const { content, attributes, errorType, end } = outcome;
  if (content === undefined) return;
  guard('record the content of a call of a model', () =>
    session.genAiInferenceDetails(
      {
        attributes: {
          ...attributes,
          ...(end?.usage && usageAttributes(end.usage)),
          ...spanAttributes(failureAttributes, { 'error.type': errorType }),
        },
        systemInstructions: requestInstructions(content.request),
        inputMessages: requestMessages(content.request),
        outputMessages: content.answer.length === 0 ? undefined : content.answer,
      },
      at,
    ),
  );
}

function usageAttributes(usage: TokenUsage): Attributes {
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteInputTokens } = usage;
  return spanAttributes(responseUsageAttributes, {
    'gen_ai.usage.input_tokens': inputTokens,
    'gen_ai.usage.output_tokens': outputTokens,
    'gen_ai.usage.cache_read.input_tokens': isReported(usage, 'cachedInputTokens') ? cachedInputTokens : undefined,
    'gen_ai.usage.cache_write.input_tokens': isReported(usage, 'cacheWriteInputTokens')
      ? cacheWriteInputTokens
      : undefined,
  });
}
