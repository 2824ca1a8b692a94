import type { TokenUsage } from '@codex-otel/token-usage';
import { failureAttributes, reportedTokens, responseUsageAttributes, spanAttributes } from '@codex-otel/token-usage';
import type { Attributes, Context } from '@opentelemetry/api';
import { guard } from '../guard.ts';
import type { TurnSession } from '../turn-session.ts';
import type { InferenceOutcome } from './inference-call.ts';
import { requestInstructions, requestMessages } from './messages.ts';

/** Records the content of a finished model call, if the session may. */
export function recordInferenceDetails(session: TurnSession, outcome: InferenceOutcome, at: Context): void {
  const { content, attributes, errorType, end } = outcome;
  if (content === undefined) return;
  guard('record the content of a model call', () =>
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
  return spanAttributes(responseUsageAttributes, {
    'gen_ai.usage.input_tokens': usage.inputTokens,
    'gen_ai.usage.output_tokens': usage.outputTokens,
    'gen_ai.usage.cache_read.input_tokens': reportedTokens(usage, 'cachedInputTokens'),
    'gen_ai.usage.cache_write.input_tokens': reportedTokens(usage, 'cacheWriteInputTokens'),
  });
}
