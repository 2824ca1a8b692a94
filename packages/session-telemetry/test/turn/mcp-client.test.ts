import { contextFromW3cTraceContext } from '@codex-otel/trace-context';
import { describe, expect, it } from '@jest/globals';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { trace } from '@opentelemetry/api';
import { fakeSession } from './fake-session.ts';

describe("an MCP client's tool call", () => {
  it('carries the trace context of its span to the server', async () => {
    let received: Readonly<Record<string, unknown>> | undefined;
    const server = new McpServer({ name: 'docs', version: '1.0.0' });
    server.registerTool('search', {}, (extra) => {
      received = extra._meta;
      return {
        content: [{ type: 'text', text: 'found' }],
        _meta: { 'codex/telemetry': { span: { target_id: 'shard-7', did_trigger_server_user_flow: false } } },
      };
    });
    const client = new Client({ name: 'agent', version: '1.0.0' });
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    await Promise.all([server.connect(theirs), client.connect(ours)]);

    const { startTurn, spansNamed } = fakeSession();
    const turn = startTurn();
    const call = {
      toolName: 'search',
      callId: 'call_1',
      arguments: '{}',
      mcpServer: 'docs',
      mcpServerOrigin: 'in_process',
    };
    const result = await turn.tool(call, (parent) =>
      turn.mcpToolCall(
        { serverName: 'docs', serverOrigin: 'in_process', toolName: 'search', callId: 'call_1', parent },
        (_meta) => client.callTool({ name: 'search', arguments: {}, _meta }),
      ),
    );
    turn.end();
    await client.close();

    expect(result.content).toEqual([{ type: 'text', text: 'found' }]);
    const [span] = spansNamed('mcp.tools.call');
    expect(span?.parentSpanContext?.spanId).toBe(spansNamed('handle_tool_call')[0]?.spanContext().spanId);
    expect(span?.attributes['codex.mcp.target.id']).toBe('shard-7');
    const onServer = contextFromW3cTraceContext({ traceparent: String(received?.traceparent) });
    expect(onServer && trace.getSpanContext(onServer)?.spanId).toBe(span?.spanContext().spanId);
  });
});
