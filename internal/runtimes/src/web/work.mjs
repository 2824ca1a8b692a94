// What trace-context and token-usage do in a browser and in workerd.
import {
  addTokenUsage,
  NO_TOKEN_USAGE,
  recordResponseTokenUsage,
  tokenUsageFromResponse,
} from '@codex-otel/token-usage';
import { extractW3cTraceHeaders, injectSpanW3cTraceHeaders, parseTraceparent } from '@codex-otel/trace-context';
import { INVALID_SPAN_CONTEXT, trace } from '@opentelemetry/api';

/** Goes on with a caller's trace, and counts a response's tokens. */
export function work(traceparent) {
  const incoming = extractW3cTraceHeaders(new Headers({ traceparent }));
  const { traceId, spanId } = parseTraceparent(incoming.traceparent);
  const outgoing = new Headers();
  const span = trace.wrapSpanContext({ ...INVALID_SPAN_CONTEXT, traceId, spanId, traceFlags: 1 });
  injectSpanW3cTraceHeaders(span, outgoing);
  const attributes = {};
  const usage = tokenUsageFromResponse({ input_tokens: 7, output_tokens: 5, total_tokens: 12 });
  const recorder = {
    isRecording: () => true,
    spanContext: () => span.spanContext(),
    setAttribute(name, value) {
      attributes[name] = value;
      return recorder;
    },
    setAttributes(values) {
      Object.assign(attributes, values);
      return recorder;
    },
  };
  recordResponseTokenUsage(recorder, addTokenUsage(NO_TOKEN_USAGE, usage));
  return { traceparent: outgoing.get('traceparent'), inputTokens: attributes['gen_ai.usage.input_tokens'] };
}
