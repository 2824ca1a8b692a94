import { codexMetricNames, sanitizeMetricTagValue } from '@codex-otel/metrics';
import type { SpanAttributeValues } from '@codex-otel/token-usage';
import { spanAttributes } from '@codex-otel/token-usage';
import type { W3cTraceContext } from '@codex-otel/trace-context';
import { spanW3cTraceContext } from '@codex-otel/trace-context';
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import { context, SpanKind, trace } from '@opentelemetry/api';
import { property } from '../property.ts';
import { shownUrl } from '../shown-url.ts';
import type { McpFailure } from './gen-ai/codex-spans.ts';
import { mcpClientSpan, mcpFailure, mcpFailureAttributes, networkTransport } from './gen-ai/codex-spans.ts';
import type { GenAi } from './gen-ai/gen-ai.ts';
import { recordMcpMetrics } from './gen-ai/gen-ai-turn-metrics.ts';
import { guard } from './guard.ts';
import { textOf } from './readable-options.ts';
import { setFailed } from './response-span.ts';
import type { RunningTools } from './running-tools.ts';
import { mcpToolsCallAttributes, mcpToolsCallSpan } from './span-definitions.ts';
import type { TurnClock } from './turn-clock.ts';
import type { TurnSession } from './turn-session.ts';

/** An MCP tool call that is about to be sent. */
export interface McpToolCallOptions {
  readonly serverName: string;
  /** Where the server is: `stdio`, `in_process`, or its URL, of which user, password, query and fragment are left out. */
  readonly serverOrigin?: string | undefined;
  readonly connectorId?: string | undefined;
  readonly connectorName?: string | undefined;
  readonly toolName: string;
  readonly callId: string;
  /** @defaultValue the conversation */
  readonly sessionId?: string | undefined;
  /** What the request's `_meta` holds anyway. */
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
  /** What the span is a child of. @defaultValue the tool that makes the call, else the turn */
  readonly parent?: Context | undefined;
}

/** The `_meta` of a request: what the caller gave, and the trace context of the call's span. */
export type McpTraceMeta = Readonly<Record<string, unknown>> & W3cTraceContext;

/** What the call needs of its turn. */
export interface McpTurn {
  readonly session: TurnSession;
  readonly tracer: Tracer;
  readonly clock: TurnClock;
  readonly tools: RunningTools;
  readonly genAi?: GenAi | undefined;
}

/** Characters of what a server says about itself. */
const TARGET_ID_MAX_LENGTH = 256;

/**
 * Runs an MCP tool call in its client span `mcp.tools.call`, with the span's trace context in the request's `_meta`.
 *
 * The result is returned untouched; of its metadata, `codex/telemetry`.`span` says what the span takes over.
 */
export async function runMcpToolCall<T>(
  turn: McpTurn,
  options: McpToolCallOptions & { readonly conversationId?: string | undefined; readonly turnId: string },
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
      const address = addressOf(origin);
      recordMcpMetrics(turn.genAi, {
        toolName: options.toolName,
        ...failure,
        transport: networkTransport(transportOf(origin)),
        serverAddress: address['server.address'],
        serverPort: address['server.port'],
        seconds: durationMillis / 1000,
      });
    });
  }
}

function startCallSpan(
  { tracer, clock, genAi }: McpTurn,
  options: McpToolCallOptions & { readonly conversationId?: string | undefined; readonly turnId: string },
  parent: Context,
): Span | undefined {
  let span: Span | undefined;
  guard('start the span of an MCP call', () => {
    const { conversationId = '', serverOrigin = '' } = options;
    const transport = transportOf(serverOrigin);
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
      'turn.id': options.turnId,
      ...addressOf(serverOrigin),
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

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

function addressOf(origin: string): SpanAttributeValues<typeof mcpToolsCallAttributes> {
  if (!URL.canParse(origin)) return {};
  const { protocol, hostname, port } = new URL(origin);
  if (hostname === '') return {};
  const known = port === '' ? DEFAULT_PORTS[protocol] : Number(port);
  return { 'server.address': hostname, 'server.port': known };
}

/** Only what is listed here, and only of the right type: the metadata is the server's. */
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
