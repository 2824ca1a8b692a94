import { errorType, failureAttributes, recordResponseTokenUsage, spanAttributes } from '@codex-otel/token-usage';
import type { Span } from '@opentelemetry/api';
import { SpanStatusCode } from '@opentelemetry/api';
import { reportFailure } from '../diagnostics.ts';
import type { GenAi } from './gen-ai/gen-ai.ts';
import { InferenceCall } from './gen-ai/inference-call.ts';
import { readResponseEvent } from './readers/responses.ts';
import type { ResponseEvent } from './response-event.ts';
import { handleResponsesAttributes } from './span-definitions.ts';

/** What a response span carries beyond what its event says. */
export interface ResponseSpanOptions {
  /** The thread's id, for `gen_ai.conversation.id`. */
  readonly conversationId?: string | undefined;
}

/**
 * Puts what an event of a model's stream says on its `handle_responses` span: `codex.response.event`; of an output
 * item `from`, and of a function call `tool_name`; of the end of a response its usage and its ids, where it has
 * usage. The span keeps its name, which readers compare. Never throws.
 */
export function recordResponses(
  span: Span,
  event: unknown,
  options: ResponseSpanOptions & { readonly genAi?: GenAi | undefined } = {},
): void {
  try {
    const read = readResponseEvent(event);
    recordResponseEvent(span, read, options);
    if (options.genAi === undefined || read.end === undefined) return;
    const call = new InferenceCall(options.genAi, {
      startedAt: 0,
      request: undefined,
      compacts: false,
      withContent: false,
    });
    call.event(read);
    call.record(span);
  } catch (error) {
    reportFailure('record an event of a response', error);
  }
}

/**
 * The same for an event that was read already.
 *
 * @param carrier - the span that gets the usage.
 */
export function recordResponseEvent(
  span: Span,
  event: ResponseEvent,
  options: ResponseSpanOptions,
  carrier: Span = span,
): void {
  span.setAttributes(
    spanAttributes(handleResponsesAttributes, {
      'codex.response.event': event.name,
      tool_name: event.toolName,
      from: event.from,
    }),
  );
  if (event.failure !== undefined) setFailed(span, event.failure.error);
  if (event.end === undefined) return;
  const { responseId, model, usage, status, error } = event.end;
  const { conversationId } = options;
  if (usage !== undefined) recordResponseTokenUsage(carrier, usage, { responseId, conversationId, model });
  if (status === 'failed') setFailed(span, error);
}

/** Marks a span as failed: by the kind of the error, never by its message. */
export function setFailed(span: Span, error: unknown): void {
  span.setAttributes(spanAttributes(failureAttributes, { 'error.type': errorType(error) }));
  span.setStatus({ code: SpanStatusCode.ERROR });
}
