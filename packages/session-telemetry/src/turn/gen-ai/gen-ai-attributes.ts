import type { SpanAttribute } from '@codex-otel/token-usage';

/** An attribute of the GenAI conventions, and its row in the docs. */
export interface GenAiAttribute extends SpanAttribute {
  /** The attribute of Codex with the same meaning. */
  readonly codex?: string | undefined;
}

/** Attributes by their names. */
export type GenAiAttributeTable = Readonly<Record<string, GenAiAttribute>>;

/** The attributes of a model call, besides its usage. */
export const inferenceAttributes = {
  'gen_ai.operation.name': { type: 'string', about: '`chat`' },
  'gen_ai.provider.name': { type: 'string', about: '`genAiProvider` of the turn; `openai`' },
  'gen_ai.request.model': { type: 'string', absent: 'unknown', codex: 'model' },
  'gen_ai.conversation.id': { type: 'string', absent: 'unknown', codex: 'thread.id' },
  'gen_ai.conversation.compacted': { type: 'bool', absent: 'not compacted by this call', about: '`true`' },
  'gen_ai.output.type': { type: 'string', absent: 'no format was requested', about: '`text`, `json`' },
  'gen_ai.request.stream': { type: 'bool', absent: 'not streamed', about: '`true`' },
  'gen_ai.request.reasoning.level': {
    type: 'string',
    absent: 'none was requested',
    about: 'as it was sent',
    codex: 'codex.request.reasoning_effort',
  },
  'gen_ai.request.previous_response.id': { type: 'string', absent: 'not set, or no `request`' },
  'gen_ai.request.temperature': { type: 'double', absent: 'not set, or no `request`' },
  'gen_ai.request.top_p': { type: 'double', absent: 'not set, or no `request`' },
  'gen_ai.request.top_k': { type: 'int', absent: 'not set, or no `request`' },
  'gen_ai.request.max_tokens': { type: 'int', absent: 'not set, or no `request`' },
  'gen_ai.request.frequency_penalty': { type: 'double', absent: 'not set, or no `request`' },
  'gen_ai.request.presence_penalty': { type: 'double', absent: 'not set, or no `request`' },
  'gen_ai.request.seed': { type: 'int', absent: 'not set, or no `request`' },
  'gen_ai.request.choice.count': { type: 'int', absent: '1, or no `request`' },
  'openai.request.service_tier': { type: 'string', absent: 'not set, `auto`, no `request`, or not OpenAI' },
  'openai.response.service_tier': { type: 'string', absent: 'not reported, or not OpenAI', codex: 'service_tier' },
  'gen_ai.response.id': { type: 'string', absent: 'unknown' },
  'gen_ai.response.model': { type: 'string', absent: 'unknown' },
  'gen_ai.response.finish_reasons': {
    type: 'string[]',
    absent: 'not reported',
    about: 'e.g. `stop`, `length`, `tool_call`, `content_filter`; `error` if it was cancelled or broke off',
  },
  'gen_ai.response.time_to_first_chunk': {
    type: 'double',
    absent: 'not streamed, or nothing came',
    about: 'seconds from the request to the first event of the answer',
  },
  'gen_ai.usage.reasoning.output_tokens': {
    type: 'int',
    absent: 'not reported',
    codex: 'codex.usage.reasoning_output_tokens',
  },
  'server.address': { type: 'string', absent: 'no `genAiServer`' },
  'server.port': { type: 'int', absent: 'no `genAiServer`' },
} as const;

/** The attributes of a turn. */
export const invokeAgentAttributes = {
  'gen_ai.operation.name': { type: 'string', about: '`invoke_agent`' },
  'gen_ai.agent.name': { type: 'string', absent: 'no `agentName`', codex: 'agent_name' },
  'gen_ai.conversation.id': { type: 'string', absent: 'unknown', codex: 'thread.id' },
  'gen_ai.request.model': { type: 'string', absent: 'unknown', codex: 'model' },
} as const;

/** The attributes of a tool call. */
export const executeToolAttributes = {
  'gen_ai.operation.name': { type: 'string', about: '`execute_tool`' },
  'gen_ai.tool.name': { type: 'string', codex: 'tool_name' },
  'gen_ai.tool.call.id': { type: 'string', absent: 'empty', codex: 'call_id' },
  'gen_ai.tool.type': { type: 'string', about: '`function`' },
  'gen_ai.agent.name': { type: 'string', absent: 'no `agentName`', codex: 'agent_name' },
  'gen_ai.conversation.id': { type: 'string', absent: 'unknown', codex: 'thread.id' },
} as const;

/** The attributes of an MCP tool call. */
export const mcpClientAttributes = {
  'mcp.method.name': { type: 'string', about: '`tools/call`', codex: 'rpc.method' },
  'gen_ai.operation.name': { type: 'string', about: '`execute_tool`' },
  'gen_ai.tool.name': { type: 'string', codex: 'tool.name' },
  'network.transport': {
    type: 'string',
    absent: 'in this process, or unknown',
    about: '`pipe`, `tcp`',
    codex: 'mcp.transport',
  },
  'rpc.response.status_code': { type: 'string', absent: 'no failure with a code', codex: 'codex.mcp.error.code' },
} as const;
