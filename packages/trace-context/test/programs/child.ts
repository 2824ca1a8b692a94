import { traceparentContextFromEnv } from '@codex-otel/trace-context';
import { trace } from '@opentelemetry/api';

const parent = traceparentContextFromEnv();
const spanContext = parent && trace.getSpanContext(parent);
console.log(JSON.stringify({ ...spanContext, tracestate: spanContext?.traceState?.serialize(), env: process.env }));
