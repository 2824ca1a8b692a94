// A page that needs trace-context alone, without OpenTelemetry.
import { createW3cTraceContext, formatTraceparent, parseTraceparent } from '@codex-otel/trace-context';

const { traceparent } = createW3cTraceContext();
globalThis.pageResult = [formatTraceparent(parseTraceparent(traceparent)) === traceparent, 8];
