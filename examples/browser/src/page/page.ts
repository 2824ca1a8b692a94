import {
  contextFromW3cTraceContext,
  createW3cTraceContext,
  injectSpanW3cTraceHeaders,
} from '@codex-otel/trace-context';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';

// The page starts a trace without an OpenTelemetry SDK, and sends it along with its request. A page that has an SDK
// gives its own span to injectSpanW3cTraceHeaders instead.
const started = createW3cTraceContext({
  traceparent: document.querySelector<HTMLMetaElement>('meta[name=traceparent]')?.content ?? '',
  tracestate: document.querySelector<HTMLMetaElement>('meta[name=tracestate]')?.content ?? '',
});
const context = contextFromW3cTraceContext(started, ROOT_CONTEXT);
const span = context && trace.getSpan(context);

const headers = new Headers({ accept: 'application/json' });
if (span) injectSpanW3cTraceHeaders(span, headers);
const response = await fetch('/api/turn', { headers });
const { traceId } = (await response.json()) as { readonly traceId: string };

const output = document.querySelector('output');
if (output) output.textContent = traceId;
