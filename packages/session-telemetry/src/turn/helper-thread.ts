import { type Context, SpanKind, type Tracer, trace } from '@opentelemetry/api';

/**
 * Marks a turn as one of a helper thread (a title, a summary), as the original's terminal app does: readers that list
 * sessions recognise the request `turn/start` by the prefix of its id, and take the thread that its queue names off
 * their list.
 *
 * @returns the context of the request, which the turn's span is a child of.
 */
export function startHelperRequest(tracer: Tracer, threadId: string, turnId: string, parent: Context): Context {
  const attributes = {
    'rpc.system': 'jsonrpc',
    'rpc.method': 'turn/start',
    'rpc.transport': 'in-process',
    'rpc.request_id': `temporary-structured-turn-${turnId}`,
    'turn.id': turnId,
  };
  const request = tracer.startSpan('turn/start', { kind: SpanKind.SERVER, attributes }, parent);
  const context = trace.setSpan(parent, request);
  const key = `Thread { thread_id: "${threadId}" }`;
  tracer.startSpan('app_server.serialized_request_queue', { attributes: { key } }, context).end();
  request.end();
  return context;
}
