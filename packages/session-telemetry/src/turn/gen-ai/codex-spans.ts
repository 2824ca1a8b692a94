import { errorType, failureAttributes, spanAttributes } from '@codex-otel/token-usage';
import type { Attributes } from '@opentelemetry/api';
import { property } from '../../property.ts';
import type { GenAi } from './gen-ai.ts';
import { spanName } from './gen-ai.ts';
import { executeToolAttributes, invokeAgentAttributes, mcpClientAttributes } from './gen-ai-attributes.ts';

/** The name of a span, and the attributes that the conventions add to it. */
export interface GenAiSpan {
  readonly name: string;
  readonly attributes: Attributes;
}

/** The span of a turn. */
export function invokeAgentSpan(genAi: GenAi, codexName: string): GenAiSpan {
  const { mode, agentName, conversationId, model } = genAi;
  return {
    name: mode === 'spans' ? spanName('invoke_agent', agentName) : codexName,
    attributes: spanAttributes(invokeAgentAttributes, {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': agentName,
      'gen_ai.conversation.id': conversationId,
      'gen_ai.request.model': model,
    }),
  };
}

/** The span of a tool call. */
export function executeToolSpan(
  genAi: GenAi | undefined,
  codexName: string,
  { toolName, callId }: { readonly toolName: string; readonly callId: string },
): GenAiSpan {
  if (genAi === undefined) return { name: codexName, attributes: {} };
  return {
    name: genAi.mode === 'spans' ? spanName('execute_tool', toolName) : codexName,
    attributes: spanAttributes(executeToolAttributes, {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': toolName,
      'gen_ai.tool.call.id': callId,
      'gen_ai.tool.type': 'function',
      'gen_ai.agent.name': genAi.agentName,
      'gen_ai.conversation.id': genAi.conversationId,
    }),
  };
}

/** The conventions' name of a transport of MCP. */
export function networkTransport(transport: string): string | undefined {
  if (transport === 'stdio') return 'pipe';
  return transport === 'streamable_http' ? 'tcp' : undefined;
}

/** The span of an MCP tool call. */
export function mcpClientSpan(
  genAi: GenAi | undefined,
  codexName: string,
  { toolName, transport }: { readonly toolName: string; readonly transport: string },
): GenAiSpan {
  if (genAi === undefined) return { name: codexName, attributes: {} };
  return {
    name: genAi.mode === 'spans' ? spanName('tools/call', toolName) : codexName,
    attributes: spanAttributes(mcpClientAttributes, {
      'mcp.method.name': 'tools/call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': toolName,
      'network.transport': networkTransport(transport),
    }),
  };
}

/** How an MCP call failed, by the conventions. */
export interface McpFailure {
  readonly errorType: string;
  /** The code of the server's answer; `undefined` if the server did not answer. */
  readonly statusCode: string | undefined;
}

/** Reads the failure of an MCP call. Codes of answers are negative; other codes come from the transport. */
export function mcpFailure(error: unknown): McpFailure {
  const code = property(error, 'code');
  const isAnswer = typeof code === 'number' && Number.isSafeInteger(code) && code < 0;
  const statusCode = isAnswer ? String(code) : undefined;
  return { errorType: statusCode ?? errorType(error), statusCode };
}

/** The attributes that a failed MCP call adds to its span. On Codex's span, `error.type` stays as it is. */
export function mcpFailureAttributes(genAi: GenAi | undefined, failure: McpFailure): Attributes {
  if (genAi === undefined) return {};
  const added = spanAttributes(mcpClientAttributes, { 'rpc.response.status_code': failure.statusCode });
  if (genAi.mode !== 'spans') return added;
  return { ...added, ...spanAttributes(failureAttributes, { 'error.type': failure.errorType }) };
}
