import { codexMetricNames, sanitizeMetricTagValue } from '@codex-otel/metrics';
import { spanAttributes } from '@codex-otel/token-usage';
import type { W3cTraceContext } from '@codex-otel/trace-context';
import { spanW3cTraceContext } from '@codex-otel/trace-context';
import type { Attributes, Context, Span } from '@opentelemetry/api';
import { context, SpanKind, trace } from '@opentelemetry/api';
import { property } from '../property.ts';
import { shownUrl } from '../shown-url.ts';
import type { McpFailure } from './gen-ai/codex-spans.ts';
import { mcpClientSpan, mcpFailure, mcpFailureAttributes, networkTransport } from './gen-ai/codex-spans.ts';
import { recordMcpMetrics } from './gen-ai/gen-ai-turn-metrics.ts';
import { guard } from './guard.ts';
import { textOf } from './readable-options.ts';
import { setFailed } from './response-span.ts';
import { serverAddress } from './server-address.ts';
import { mcpToolsCallAttributes, mcpToolsCallSpan } from './span-definitions.ts';
import type { ToolSpanTurn } from './tool-call.ts';
import type { TurnSession } from './turn-session.ts';

/** Options of {@link SessionTurn.mcpToolCall}: a tool call that is sent to an MCP server. */
export interface McpToolCallOptions {
  /** The name of the MCP server. */
  readonly serverName: string;
  /** `stdio`, `in_process`, or the URL of the server, recorded without user, password, query and fragment. Absent if unknown. */
  readonly serverOrigin?: string | undefined;
  /** The id of the connector behind the tool. Absent if there is none. */
  readonly connectorId?: string | undefined;
  /** The name of that connector. Absent if there is none. */
  readonly connectorName?: string | undefined;
  /** The name of the tool. */
  readonly toolName: string;
  /** The id that the model gave the call. */
  readonly callId: string;
  /** The id of the session. @defaultValue the id of the conversation */
  readonly sessionId?: string | undefined;
  /** Further entries of the request's `_meta`. @defaultValue none */
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
  /** The parent of the span. @defaultValue the tool that makes the call, else the turn */
  readonly parent?: Context | undefined;
}

/** The `_meta` of a request: the caller's entries, and the trace context of the call's span. */
export type McpTraceMeta = Readonly<Record<string, unknown>> & W3cTraceContext;

/** The part of a turn that its MCP calls use. */
export interface McpTurn extends ToolSpanTurn {
  readonly conversationId: string;
}

/** The longest target id that is recorded; servers send it. */
const TARGET_ID_MAX_LENGTH = 256;

/**
 * Runs an MCP tool call in the client span `mcp.tools.call`, and passes the span's trace context in the request's `_meta`.
 * The result is returned unchanged; the span takes some attributes from the `codex/telemetry` in its metadata.
 */
export async function runMcpToolCall<T>(
  turn: McpTurn,
  options: McpToolCallOptions,
  fn: (meta: McpTraceMeta, context: Context) => T | PromiseLike<T>,
  parent: Context,
): Promise<T> {
  const startedAt = turn.clock.now();
  const span = startCallSpan(turn, options, parent);
  const callContext = span === undefined ? parent : trace.setSpan(parent, span);
  const running = turn.tools.start(textOf(options.toolName), textOf(options.callId), span);
  let meta: McpTraceMeta = {};
  guard('hand the trace context to an MCP call', () => {
    meta = { ...options.meta };
    meta = { ...meta, ...(span && spanW3cTraceContext(span)) };
  });
  let status = 'ok';
  let failure: McpFailure | undefined;
  try {
    const result = await context.with(callContext, fn, undefined, meta, callContext);
    guard('record the result of an MCP call', () => {
      if (property(result, 'isError') === true) {
        status = 'error';
        failure = { errorType: 'tool_error', statusCode: undefined };
      }
      if (span !== undefined) recordResult(span, result);
    });
    return result;
  } catch (error) {
    status = 'error';
    guard('record the failure of an MCP call', () => {
      failure = mcpFailure(error);
      if (span !== undefined) recordFailure(span, error, mcpFailureAttributes(turn.genAi, failure));
    });
    throw error;
  } finally {
    turn.tools.end(running);
    guard('record an MCP call', () => {
      const durationMillis = turn.clock.now() - startedAt;
      recordMetrics(turn.session, options, status, durationMillis);
      if (turn.genAi === undefined) return;
      const origin = options.serverOrigin ?? '';
      const server = serverAddress(origin);
      recordMcpMetrics(turn.genAi, {
        toolName: options.toolName,
        ...failure,
        transport: networkTransport(transportOf(origin)),
        serverAddress: server?.address,
        serverPort: server?.port,
        seconds: durationMillis / 1000,
      });
    });
  }
}

function startCallSpan(
  { tracer, clock, genAi, conversationId, turnId }: McpTurn,
  options: McpToolCallOptions,
  parent: Context,
): Span | undefined {
  let span: Span | undefined;
  guard('start the span of an MCP call', () => {
    const { serverOrigin = '' } = options;
    const transport = transportOf(serverOrigin);
    const server = serverAddress(serverOrigin);
    const own = spanAttributes(mcpToolsCallAttributes, {
      'rpc.system': 'jsonrpc',
      'rpc.method': 'tools/call',
      'mcp.server.name': options.serverName,
      'mcp.server.origin': shownUrl(serverOrigin),
      'mcp.transport': transport,
      'mcp.connector.id': options.connectorId ?? '',
      'mcp.connector.name': options.connectorName ?? '',
      'tool.name': options.toolName,
      'tool.call_id': options.callId,
      'conversation.id': conversationId,
      'session.id': options.sessionId ?? conversationId,
      'turn.id': turnId,
      'server.address': server?.address,
      'server.port': server?.port,
    });
    const startTime = clock.timeOf(clock.now());
    const { toolName } = options;
    const { name, attributes } = mcpClientSpan(genAi, mcpToolsCallSpan.name, { toolName, transport });
    const spanOptions = { kind: SpanKind.CLIENT, attributes: { ...own, ...attributes }, startTime };
    span = tracer.startSpan(name, spanOptions, parent);
  });
  return span;
}

function transportOf(origin: string): string {
  if (origin === '' || origin === 'stdio' || origin === 'in_process') return origin;
  return 'streamable_http';
}

/** Takes only known attributes of the right type: the metadata comes from the server. */
function recordResult(span: Span, result: unknown): void {
  const said = property(property(property(result, '_meta'), 'codex/telemetry'), 'span');
  const targetId = property(said, 'target_id');
  const triggered = property(said, 'did_trigger_server_user_flow');
  span.setAttributes(
    spanAttributes(mcpToolsCallAttributes, {
      'codex.mcp.target.id': typeof targetId === 'string' ? targetId.slice(0, TARGET_ID_MAX_LENGTH) : undefined,
      'codex.mcp.server_user_flow.triggered': typeof triggered === 'boolean' ? triggered : undefined,
    }),
  );
  if (property(result, 'isError') === true) setFailed(span, { code: 'tool_error' });
}

function recordFailure(span: Span, error: unknown, conventions: Attributes): void {
  const code = property(error, 'code');
  setFailed(span, error);
  span.setAttributes(
    spanAttributes(mcpToolsCallAttributes, { 'codex.mcp.error.code': typeof code === 'number' ? code : undefined }),
  );
  span.setAttributes(conventions);
}

function recordMetrics(
  session: TurnSession,
  options: McpToolCallOptions,
  status: string,
  durationMillis: number,
): void {
  const tags: Record<string, string> = { status, tool: sanitizeMetricTagValue(options.toolName) };
  if (options.connectorId) tags.connector_id = sanitizeMetricTagValue(options.connectorId);
  if (options.connectorName) tags.connector_name = sanitizeMetricTagValue(options.connectorName);
  session.counter(codexMetricNames.mcpCallCount, 1, tags);
  session.recordDuration(codexMetricNames.mcpCallDuration, durationMillis, tags);
}
