import { errorType, isReported, recordResponseTokenUsage } from '@codex-otel/token-usage';
import { type Attributes, diag, type Span, SpanStatusCode } from '@opentelemetry/api';
import { type ResponseEnd, type ResponseEvent, readResponseEvent } from './response-event.ts';

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
    diag.error('cannot record an event of a response', error);
  }
}

/** The same for an event that was read already. */
export function recordResponseEvent(span: Span, event: ResponseEvent, options: ResponseSpanOptions): void {
  const attributes: Attributes = {};
  if (event.name !== undefined) attributes['codex.response.event'] = event.name;
  if (event.toolName !== undefined) attributes.tool_name = event.toolName;
  if (event.from !== undefined) attributes.from = event.from;
  span.setAttributes(attributes);
  if (event.end !== undefined) recordEnd(span, event.end, options);
}

function recordEnd(span: Span, end: ResponseEnd, { conversationId, genAi }: ResponseSpanOptions): void {
  const { responseId, model, usage } = end;
  if (usage !== undefined) recordResponseTokenUsage(span, usage, { responseId, conversationId, model });
  if (genAi !== undefined) span.setAttributes(genAiAttributes(end, genAi));
  if (end.status === 'failed') setFailed(span, end.error);
}

/** Marks a span as failed: by the kind of the error, never by its message. */
export function setFailed(span: Span, error: unknown): void {
  span.setAttribute('error.type', errorType(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** @see https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/ */
function genAiAttributes({ usage, finishReason }: ResponseEnd, { provider, requestModel }: GenAiModel): Attributes {
  const attributes: Attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': provider };
  if (requestModel !== undefined) attributes['gen_ai.request.model'] = requestModel;
  if (usage !== undefined && isReported(usage, 'reasoningOutputTokens')) {
    attributes['gen_ai.usage.reasoning.output_tokens'] = usage.reasoningOutputTokens;
  }
  if (usage !== undefined && isReported(usage, 'cacheWriteInputTokens')) {
    attributes['gen_ai.usage.cache_creation.input_tokens'] = usage.cacheWriteInputTokens;
  }
  if (finishReason !== undefined) attributes['gen_ai.response.finish_reasons'] = [finishReason];
  return attributes;
}
