import { errorType, spanAttributes } from '@codex-otel/token-usage';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import { context, trace } from '@opentelemetry/api';
import type { ToolCallReceivedOptions } from '../events/tool-call-trace.ts';
import { textProperty } from '../property.ts';
import { executeToolSpan } from './gen-ai/codex-spans.ts';
import type { GenAi } from './gen-ai/gen-ai.ts';
import { recordToolMetrics } from './gen-ai/gen-ai-turn-metrics.ts';
import { guard } from './guard.ts';
import { setFailed } from './response-span.ts';
import type { RunningTools } from './running-tools.ts';
import { handleToolCallAttributes, handleToolCallSpan } from './span-definitions.ts';
import type { TurnClock } from './turn-clock.ts';
import type { ToolCallOptions, TurnSession } from './turn-session.ts';

/** The part of a turn that its tool calls use. */
export interface ToolSpanTurn {
  readonly session: TurnSession;
  readonly tracer: Tracer;
  /** The turn's own clock: with another one, a span could begin before the turn or end after it. */
  readonly clock: TurnClock;
  readonly turnId: string;
  readonly tools: RunningTools;
  readonly genAi?: GenAi | undefined;
}

/**
 * Runs a tool in a span `handle_tool_call`, while the session times it and logs its result. What the tool returns or throws
 * reaches the caller unchanged.
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

/** The options of the events about a call. */
function toolCallOf(turnId: string, options: unknown): ToolCallReceivedOptions {
  return {
    turnId,
    callId: textProperty(options, 'callId') ?? '',
    toolName: textProperty(options, 'toolName') ?? '',
    toolNamespace: textProperty(options, 'toolNamespace') || undefined,
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
