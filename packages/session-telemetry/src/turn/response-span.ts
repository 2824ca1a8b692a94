import {
  errorType,
  failureAttributes,
  isReported,
  recordResponseTokenUsage,
  spanAttributes,
} from '@codex-otel/token-usage';
import { type Attributes, type Span, SpanStatusCode } from '@opentelemetry/api';
import { reportFailure } from '../diagnostics.ts';
import { readResponseEvent } from './readers/responses.ts';
import type { ResponseEnd, ResponseEvent } from './response-event.ts';
import { genAiAttributes, handleResponsesAttributes } from './span-definitions.ts';

/** Who was asked for which model, in the words of the GenAI conventions. */
export interface GenAiModel {
  readonly provider: string;
  readonly requestModel: string | undefined;
}

/** What a response span carries beyond what its event says. */
export interface ResponseSpanOptions {
  /** The thread's id, for `gen_ai.conversation.id`. */
  readonly conversationId?: string | undefined;
  /** Adds the GenAI conventions' attributes. */
  readonly genAi?: GenAiModel | undefined;
}

/**
 * Puts what an event of a model's stream says on its `handle_responses` span: `codex.response.event`; of an output
 * item `from`, and of a function call `tool_name`; of the end of a response its usage and its ids, where it has
 * usage. The span keeps its name, which readers compare. Never throws.
 */
export function recordResponses(span: Span, event: unknown, options: ResponseSpanOptions = {}): void {
  try {
    recordResponseEvent(span, readResponseEvent(event), options);
  } catch (error) {
    reportFailure('record an event of a response', error);
  }
}

/** The same for an event that was read already. */
export function recordResponseEvent(span: Span, event: ResponseEvent, options: ResponseSpanOptions): void {
  span.setAttributes(
    spanAttributes(handleResponsesAttributes, {
      'codex.response.event': event.name,
      tool_name: event.toolName,
      from: event.from,
    }),
  );
  if (event.failure !== undefined) setFailed(span, event.failure.error);
  if (event.end !== undefined) recordEnd(span, event.end, options);
}

function recordEnd(span: Span, end: ResponseEnd, { conversationId, genAi }: ResponseSpanOptions): void {
  const { responseId, model, usage } = end;
  if (usage !== undefined) recordResponseTokenUsage(span, usage, { responseId, conversationId, model });
  if (genAi !== undefined) span.setAttributes(genAiOf(end, genAi));
  if (end.status === 'failed') setFailed(span, end.error);
}

/** Marks a span as failed: by the kind of the error, never by its message. */
export function setFailed(span: Span, error: unknown): void {
  span.setAttributes(spanAttributes(failureAttributes, { 'error.type': errorType(error) }));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function genAiOf({ usage, finishReason }: ResponseEnd, { provider, requestModel }: GenAiModel): Attributes {
  return spanAttributes(genAiAttributes, {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': requestModel,
    'gen_ai.usage.reasoning.output_tokens':
      usage && isReported(usage, 'reasoningOutputTokens') ? usage.reasoningOutputTokens : undefined,
    'gen_ai.usage.cache_creation.input_tokens':
      usage && isReported(usage, 'cacheWriteInputTokens') ? usage.cacheWriteInputTokens : undefined,
    'gen_ai.response.finish_reasons': finishReason === undefined ? undefined : [finishReason],
  });
}
