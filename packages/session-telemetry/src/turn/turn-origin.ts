import { spanAttributes } from '@codex-otel/token-usage';
import type { Attributes, Context, Link, TimeInput, Tracer } from '@opentelemetry/api';
import { context, SpanKind, trace } from '@opentelemetry/api';
import { guard } from './guard.ts';
import { textOf } from './readable-options.ts';
import {
  agentTurnAttributes,
  requestQueueAttributes,
  requestQueueSpan,
  turnStartAttributes,
  turnStartSpan,
} from './span-definitions.ts';
import { isContext } from './turn-context.ts';

/** Where a turn comes from. */
export interface TurnOrigin {
  readonly turnId: string;
  readonly parent?: Context | undefined;
  readonly parentConversationId?: string | undefined;
  readonly rootTurnId?: string | undefined;
  readonly helper?: boolean | undefined;
}

/** The parent of the turn's span: the given or active context, or for a helper thread the request that started it. */
export function turnParent(tracer: Tracer, origin: TurnOrigin, threadId: string, startTime: TimeInput): Context {
  const parent = isContext(origin.parent) ? origin.parent : context.active();
  if (origin.helper !== true) return parent;
  let request = parent;
  guard('mark the turn of a helper thread', () => {
    // In a trace of its own, since some readers take every span in a trace with such a request for a helper's.
    request = startHelperRequest(tracer, { threadId, turnId: origin.turnId, startTime }, trace.deleteSpan(parent));
  });
  return request;
}

/** The attributes by which readers recognise the turns of sub-agents and helper threads. */
export function agentAttributes({ parentConversationId, rootTurnId, helper }: TurnOrigin): Attributes {
  return spanAttributes(agentTurnAttributes, {
    'parent.conversation.id': parentConversationId,
    'root.turn.id': rootTurnId,
    'session_init.ephemeral': helper === true ? true : undefined,
  });
}

/** The turn of a sub-agent or a helper thread links to the span that started it, even in another trace. */
export function agentLinks({ parentConversationId, helper, parent }: TurnOrigin): readonly Link[] {
  if (parentConversationId === undefined && helper !== true) return [];
  const spanContext = trace.getSpanContext(isContext(parent) ? parent : context.active());
  return spanContext === undefined ? [] : [{ context: spanContext }];
}

/**
 * Marks a turn as one of a helper thread (for a title or a summary), as Codex's terminal app does. Readers that list sessions
 * recognise the request `turn/start` by the prefix of its id, and remove the thread that its queue names from their list.
 *
 * @returns the context of the request: the parent of the turn's span.
 */
function startHelperRequest(
  tracer: Tracer,
  {
    threadId,
    turnId,
    startTime,
  }: { readonly threadId: string; readonly turnId: string; readonly startTime: TimeInput },
  parent: Context,
): Context {
  const attributes = spanAttributes(turnStartAttributes, {
    'rpc.system': 'jsonrpc',
    'rpc.method': 'turn/start',
    'rpc.transport': 'in-process',
    'rpc.request_id': `temporary-structured-turn-${textOf(turnId)}`,
    'turn.id': textOf(turnId),
  });
  const request = tracer.startSpan(turnStartSpan.name, { kind: SpanKind.SERVER, attributes, startTime }, parent);
  const context = trace.setSpan(parent, request);
  const queue = spanAttributes(requestQueueAttributes, { key: `Thread { thread_id: "${textOf(threadId)}" }` });
  tracer.startSpan(requestQueueSpan.name, { attributes: queue, startTime }, context).end(startTime);
  request.end(startTime);
  return context;
}
