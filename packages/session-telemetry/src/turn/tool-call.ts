import { errorType, spanAttributes } from '@codex-otel/token-usage';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import { context, createContextKey, trace } from '@opentelemetry/api';
import type { ToolCallReceivedOptions } from '../events/tool-call-trace.ts';
import { property } from '../property.ts';
import { executeToolSpan } from './gen-ai/codex-spans.ts';
import type { GenAi } from './gen-ai/gen-ai.ts';
import { recordToolMetrics } from './gen-ai/gen-ai-turn-metrics.ts';
import { guard } from './guard.ts';
import { textOf } from './readable-options.ts';
import { setFailed } from './response-span.ts';
import type { RunningTools } from './running-tools.ts';
import { handleToolCallAttributes, handleToolCallSpan } from './span-definitions.ts';
import type { TurnClock } from './turn-clock.ts';
import type { ToolCallOptions, TurnSession } from './turn-session.ts';

/** Marks a context as one of a turn's, so that calls within calls find their parent. */
const TURN_KEY = createContextKey('codex_otel turn');

/** The parent of a turn's span, by which every context below it is recognised as that turn's. */
export function markTurn(parent: Context): Context {
  return parent.setValue(TURN_KEY, Symbol('turn'));
}

/** Where a span of the turn belongs: below the active span if that is one of the turn's, else below the turn. */
function parentInTurn(turnContext: Context): Context {
  const active = context.active();
  const sameTurn =
    active.getValue(TURN_KEY) !== undefined && active.getValue(TURN_KEY) === turnContext.getValue(TURN_KEY);
  return sameTurn ? active : turnContext;
}

/** The given parent, else {@link parentInTurn}: types do not stop a JavaScript caller. */
export function parentOr(given: unknown, turnContext: Context): Context {
  return isContext(given) ? given : parentInTurn(turnContext);
}

export function isContext(value: unknown): value is Context {
  return typeof property(value, 'setValue') === 'function' && typeof property(value, 'getValue') === 'function';
}

/** What a tool's span is made with. */
export interface ToolSpanTurn {
  readonly session: TurnSession;
  readonly tracer: Tracer;
  /** The turn's own: by another, a span may begin before the turn or end after it. */
  readonly clock: TurnClock;
  readonly turnId: string;
  readonly tools: RunningTools;
  readonly genAi?: GenAi | undefined;
}

/**
 * Runs a tool in a span `handle_tool_call` (`tool_name`, `call_id`), and lets the session time it and log its result.
 * What the tool returns or throws reaches the caller untouched.
 */
export async function runTool<T>(
  turn: ToolSpanTurn,
  options: ToolCallOptions<T>,
  fn: (context: Context) => T | PromiseLike<T>,
  parent: Context,
): Promise<T> {
  const { session, clock, turnId, tools, genAi } = turn;
  const startedAt = clock.now();
  let failure: string | undefined;
  const span = startToolSpan(turn, options, parent, clock.timeOf(startedAt));
  const toolContext = span === undefined ? parent : trace.setSpan(parent, span);
  const call = toolCallOf(turnId, options);
  const running = tools.start(call.toolName, call.callId, span);
  session.recordToolCallReceived(call, toolContext);
  try {
    return await session.logToolResult(
      options,
      () => context.with(toolContext, fn, undefined, toolContext),
      toolContext,
    );
  } catch (error) {
    guard('record the failure of a tool', () => {
      failure = errorType(error);
      if (span !== undefined) setFailed(span, error);
    });
    throw error;
  } finally {
    session.recordToolResultReady({ dispatchToResultReadyMillis: clock.now() - startedAt, ...call }, toolContext);
    tools.end(running);
    if (genAi !== undefined)
      recordToolMetrics(genAi, {
        toolName: call.toolName,
        durationMillis: clock.now() - startedAt,
        errorType: failure,
      });
  }
}

/** What the events about a call say of it. */
function toolCallOf(turnId: string, options: unknown): ToolCallReceivedOptions {
  const toolNamespace = textOf(property(options, 'toolNamespace')) || undefined;
  return {
    turnId,
    callId: textOf(property(options, 'callId')),
    toolName: textOf(property(options, 'toolName')),
    toolNamespace,
  };
}

function startToolSpan(
  { tracer, genAi }: ToolSpanTurn,
  options: Pick<ToolCallOptions, 'toolName' | 'callId'>,
  parent: Context,
  startTime: number,
): Span | undefined {
  let span: Span | undefined;
  guard('start the span of a tool', () => {
    const { toolName, callId } = options;
    const { name, attributes } = executeToolSpan(genAi, handleToolCallSpan.name, { toolName, callId });
    const own = spanAttributes(handleToolCallAttributes, { tool_name: toolName, call_id: callId });
    span = tracer.startSpan(name, { attributes: { ...own, ...attributes }, startTime }, parent);
  });
  return span;
}
