export type { TracestateEntries } from './configured-tracestate.ts';
export { setTracestateEntries, validateTracestateEntries, validateTracestateMember } from './configured-tracestate.ts';
export {
  contextFromW3cTraceContext,
  currentSpanTraceId,
  currentSpanW3cTraceContext,
  spanW3cTraceContext,
  withParentFromW3cTraceContext,
} from './span-trace-context.ts';
export type { Env, TraceEnv } from './trace-environment.ts';
export { childProcessEnv, traceContextToEnv, traceparentContextFromEnv } from './trace-environment.ts';
export type { HeaderMap, HeaderRecord, HeaderValue } from './trace-headers.ts';
export { extractW3cTraceHeaders, injectSpanW3cTraceHeaders } from './trace-headers.ts';
export type { ParsedTraceparent } from './traceparent.ts';
export { formatTraceparent, parseTraceparent } from './traceparent.ts';
export { isTracestateError, TracestateError } from './tracestate-error.ts';
export { W3cPropagator } from './w3c-propagator.ts';
export type { ValidW3cTraceContext, W3cTraceContext } from './w3c-trace-context.ts';
export { createW3cTraceContext } from './w3c-trace-context.ts';
