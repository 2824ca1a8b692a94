import { describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { fakeSession } from './fake-session.ts';

const call = { serverName: 'docs', toolName: 'search docs', callId: 'call_1' };

describe('SessionTurn.mcpToolCall', () => {
  it('runs in a client span with the attributes of the original', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const turn = startTurn();
    await turn.mcpToolCall({ ...call, serverOrigin: 'https://example.com:8443/mcp' }, () => ({}));
    const [span] = spansNamed('mcp.tools.call');
    expect(span?.kind).toBe(SpanKind.CLIENT);
    expect(span?.parentSpanContext?.spanId).toBe(turn.span.spanContext().spanId);
    const conversation = '01a09a08-5141-7cf0-8d2a-4c245a60c12b';
    expect(span?.attributes).toEqual({
      'rpc.system': 'jsonrpc',
      'rpc.method': 'tools/call',
      'mcp.server.name': 'docs',
      'mcp.server.origin': 'https://example.com:8443/mcp',
      'mcp.transport': 'streamable_http',
      'mcp.connector.id': '',
      'mcp.connector.name': '',
      'tool.name': 'search docs',
      'tool.call_id': 'call_1',
      'conversation.id': conversation,
      'session.id': conversation,
      'turn.id': 'turn-1',
      'server.address': 'example.com',
      'server.port': 8443,
    });
  });

  it.each([
    ['stdio', 'stdio', undefined],
    ['in_process', 'in_process', undefined],
    [undefined, '', undefined],
    ['https://example.com/mcp', 'streamable_http', 'example.com'],
    ['no url', 'streamable_http', undefined],
  ])('takes the transport from the origin %p', async (serverOrigin, transport, address) => {
    const { startTurn, spansNamed } = fakeSession();
    await startTurn().mcpToolCall({ ...call, serverOrigin }, () => ({}));
    const attributes = spansNamed('mcp.tools.call')[0]?.attributes;
    expect([attributes?.['mcp.transport'], attributes?.['server.address']]).toEqual([transport, address]);
  });

  it('shows no password and no token of the server’s address', async () => {
    const { startTurn, spansNamed } = fakeSession();
    await startTurn().mcpToolCall(
      { ...call, serverOrigin: 'https://me:hunter2@example.com/mcp?key=hunter2' },
      () => ({}),
    );
    expect(spansNamed('mcp.tools.call')[0]?.attributes['mcp.server.origin']).toBe('https://example.com/mcp');
  });

  it('adds the trace context of its span to the entries of the request', async () => {
    const { startTurn, spansNamed } = fakeSession();
    let sent: unknown;
    await startTurn().mcpToolCall({ ...call, meta: { progressToken: 7 } }, (meta) => {
      sent = meta;
    });
    const context = spansNamed('mcp.tools.call')[0]?.spanContext();
    expect(sent).toEqual({ progressToken: 7, traceparent: `00-${context?.traceId}-${context?.spanId}-01` });
  });

  it('takes over what the server says for telemetry, and nothing else', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const span = { target_id: 'x'.repeat(300), did_trigger_server_user_flow: true, secret: 'no' };
    await startTurn().mcpToolCall(call, () => ({ _meta: { 'codex/telemetry': { span } } }));
    const attributes = spansNamed('mcp.tools.call')[0]?.attributes;
    expect(attributes?.['codex.mcp.target.id']).toBe('x'.repeat(256));
    expect(attributes?.['codex.mcp.server_user_flow.triggered']).toBe(true);
    expect(JSON.stringify(attributes)).not.toContain('secret');
  });

  it.each([
    ['no object', { _meta: 'x' }],
    ['wrong types', { _meta: { 'codex/telemetry': { span: { target_id: 7, did_trigger_server_user_flow: 'yes' } } } }],
    ['nothing', undefined],
  ])('ignores metadata of %s', async (_what, result) => {
    const { startTurn, spansNamed } = fakeSession();
    await expect(startTurn().mcpToolCall(call, () => result)).resolves.toBe(result);
    const keys = Object.keys(spansNamed('mcp.tools.call')[0]?.attributes ?? {});
    expect(keys.filter((key) => key.startsWith('codex.mcp'))).toEqual([]);
  });

  it('shows a result that is an error', async () => {
    const { startTurn, spansNamed, told } = fakeSession();
    await startTurn().mcpToolCall(call, () => ({ isError: true, content: [{ type: 'text', text: 'secret' }] }));
    const [span] = spansNamed('mcp.tools.call');
    expect(span?.attributes['error.type']).toBe('tool_error');
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
    const tags = { status: 'error', tool: 'search_docs' };
    expect(told('counter').slice(1)).toEqual([{ name: 'codex.mcp.call', value: 1, tags }]);
  });

  it('passes an error on untouched, and shows its code', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const mine = Object.assign(new Error('secret'), { name: 'McpError', code: -32_602 });
    await expect(startTurn().mcpToolCall(call, () => Promise.reject(mine))).rejects.toBe(mine);
    const [span] = spansNamed('mcp.tools.call');
    expect(span?.attributes).toMatchObject({ 'error.type': 'McpError', 'codex.mcp.error.code': -32_602 });
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
  });

  it('is counted and timed', async () => {
    const { startTurn, told } = fakeSession();
    await startTurn().mcpToolCall({ ...call, connectorId: 'c 1', connectorName: 'Docs' }, () => ({}));
    const tags = { status: 'ok', tool: 'search_docs', connector_id: 'c_1', connector_name: 'Docs' };
    expect(told('counter').slice(1)).toEqual([{ name: 'codex.mcp.call', value: 1, tags }]);
    expect(told('recordDuration')).toEqual([{ name: 'codex.mcp.call.duration_ms', value: expect.any(Number), tags }]);
  });
});
