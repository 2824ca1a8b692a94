import { errorType, failureAttributes, recordResponseTokenUsage, spanAttributes } from '@codex-otel/token-usage';
import type { Span } from '@opentelemetry/api';
import { SpanStatusCode } from '@opentelemetry/api';
import type { GenAi } from './gen-ai/gen-ai.ts';
import { InferenceCall } from './gen-ai/inference-call.ts';
import { readResponseEvent } from './readers/responses.ts';
import type { ResponseEvent } from './response-event.ts';
import { handleResponsesAttributes } from './span-definitions.ts';

/**
 * Sets the attributes of an event of the Responses API on its `handle_responses` span: `codex.response.event`; for an output
 * item `from`, for a function call `tool_name`; for the end of a response its usage and ids, if it has usage. The span
 * keeps its name, which readers compare.
 */
export function recordResponses(span: Span, event: unknown, conversationId: string, genAi: GenAi | undefined): void {
  const read = readResponseEvent(event);
  recordResponseEvent(span, read, conversationId);
  if (genAi === undefined || read.end === undefined) return;
  const call = new InferenceCall(genAi, { startedAt: 0, request: undefined, compacts: false, withContent: false });
  call.event(read);
  call.record(span);
}

/**
 * The same for an event that was read already.
 *
 * @param carrier - The span that gets the usage.
 */
export function recordResponseEvent(
  span: Span,
  event: ResponseEvent,
  conversationId: string,
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
  if (usage !== undefined) recordResponseTokenUsage(carrier, usage, { responseId, conversationId, model });
  if (status === 'failed') setFailed(span, error);
}

/** Marks a span as failed, with the type of the error and never its message. */
export function setFailed(span: Span, error: unknown): void {
  span.setAttributes(spanAttributes(failureAttributes, { 'error.type': errorType(error) }));
  span.setStatus({ code: SpanStatusCode.ERROR });
}
