import type { SessionTurn } from '@codex-otel/session-telemetry';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';

/** A tool of an MCP server, which gets the trace context. An answer with `isError` counts as failed. */
export async function call(turn: SessionTurn, client: Client, name: string): Promise<void> {
  const toolCall = { toolName: name, callId: 'call_1', arguments: '{}', mcpServer: 'docs' };
  await turn.tool(toolCall, () =>
    turn.mcpToolCall({ ...toolCall, serverName: 'docs' }, (_meta) => client.callTool({ name, arguments: {}, _meta })),
  );
}
