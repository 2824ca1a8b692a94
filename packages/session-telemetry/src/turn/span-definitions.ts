import type { SpanDefinition } from '@codex-otel/token-usage';
import { failureAttributes, responseUsageAttributes, turnSpan } from '@codex-otel/token-usage';
import { addedAttributes } from './gen-ai/added-attributes.ts';
import {
  executeToolAttributes,
  inferenceAttributes,
  invokeAgentAttributes,
  mcpClientAttributes,
} from './gen-ai/gen-ai-attributes.ts';

/** The attributes by which readers recognise the turns of sub-agents and helper threads. */
export const agentTurnAttributes = {
  'parent.conversation.id': { type: 'string', absent: 'not a sub-agent', about: 'the conversation that started it' },
  'root.turn.id': { type: 'string', absent: 'unknown', about: 'the turn of the user' },
  'session_init.ephemeral': { type: 'bool', absent: 'not a helper thread', about: '`true`' },
} as const;

/** The span of a turn, as a session makes it. */
export const sessionTurnSpan: SpanDefinition = {
  ...turnSpan,
  attributes: [...turnSpan.attributes, agentTurnAttributes, addedAttributes(invokeAgentAttributes)],
};

export const turnPhaseAttributes = {
  'codex.turn.phase': { type: 'string', about: '`sampling`, `tool_blocking`' },
  'conversation.id': { type: 'string' },
  'turn.id': { type: 'string' },
} as const;

export const samplingSpan: SpanDefinition = {
  name: 'codex.sampling',
  about: 'Waiting for the model: from a request to the end of its response, retries of the connection included.',
  parent: 'the turn',
  attributes: [turnPhaseAttributes],
};

export const toolBlockingSpan: SpanDefinition = {
  name: 'codex.tool_blocking',
  about: 'From the end of a response until the tools that it called are done.',
  parent: 'the turn',
  attributes: [turnPhaseAttributes],
};

export const receivingStreamAttributes = {
  'codex.stream.delta_count': { type: 'int' },
  'codex.stream.ttft_ms': {
    type: 'int',
    absent: 'no token came',
    about: 'whole ms from the request to its first token',
  },
  'codex.stream.unread': {
    type: 'bool',
    absent: 'it was read',
    about: '`true`: its events belong to no known API',
  },
} as const;

export const receivingStreamSpan: SpanDefinition = {
  name: 'receiving_stream',
  about: 'One response, from the request to its end.',
  parent: 'the turn',
  attributes: [receivingStreamAttributes, failureAttributes],
};

export const handleResponsesAttributes = {
  'codex.request.reasoning_effort': { type: 'string', about: '`default` if unknown' },
  'codex.response.receive_wait_ms': { type: 'double', about: 'ms spent waiting for the event' },
  'codex.response.event': {
    type: 'string',
    absent: 'no event came',
    about: 'e.g. `created`, `text_delta`, `completed`',
  },
  tool_name: { type: 'string', absent: 'no function call' },
  from: { type: 'string', absent: 'no output item', about: '`output_item_added`, `output_item_done`' },
} as const;

export const handleResponsesSpan: SpanDefinition = {
  name: 'handle_responses',
  about:
    'One event of a response; the span lasts as long as the wait for the event. The event that ends the response carries the usage.',
  parent: '`receiving_stream`',
  attributes: [
    handleResponsesAttributes,
    responseUsageAttributes,
    addedAttributes(inferenceAttributes, responseUsageAttributes),
    failureAttributes,
  ],
};

/** On spans that were ended together with the process. */
export const abortedToolAttributes = {
  aborted: { type: 'bool', absent: 'it ended by itself', about: '`true`: the process ended before it' },
} as const;

export const handleToolCallAttributes = {
  tool_name: { type: 'string' },
  call_id: { type: 'string' },
} as const;

export const handleToolCallSpan: SpanDefinition = {
  name: 'handle_tool_call',
  about: 'A tool call.',
  parent: 'the turn, or the tool that makes the call',
  attributes: [
    handleToolCallAttributes,
    abortedToolAttributes,
    addedAttributes(executeToolAttributes),
    failureAttributes,
  ],
};

export const mcpToolsCallAttributes = {
  'rpc.system': { type: 'string', about: '`jsonrpc`' },
  'rpc.method': { type: 'string', about: '`tools/call`' },
  'mcp.server.name': { type: 'string' },
  'mcp.server.origin': { type: 'string', about: 'without user, password, query and fragment' },
  'mcp.transport': { type: 'string', about: '`stdio`, `in_process`, `streamable_http`, empty if unknown' },
  'mcp.connector.id': { type: 'string', about: 'empty if there is none' },
  'mcp.connector.name': { type: 'string', about: 'empty if there is none' },
  'tool.name': { type: 'string' },
  'tool.call_id': { type: 'string' },
  'conversation.id': { type: 'string' },
  'session.id': { type: 'string' },
  'turn.id': { type: 'string' },
  'server.address': { type: 'string', absent: 'not a URL' },
  'server.port': { type: 'int', absent: 'not a URL' },
  'codex.mcp.target.id': {
    type: 'string',
    absent: 'not reported',
    about: 'as the server says; at most 256 characters',
  },
  'codex.mcp.server_user_flow.triggered': { type: 'bool', absent: 'not reported' },
  'codex.mcp.error.code': { type: 'int', absent: 'no failure with a code' },
} as const;

export const mcpToolsCallSpan: SpanDefinition = {
  name: 'mcp.tools.call',
  about: 'The call of an MCP tool; `_meta` carries its trace context to the server.',
  parent: 'the turn, or the tool that makes the call',
  kind: 'client',
  attributes: [mcpToolsCallAttributes, abortedToolAttributes, addedAttributes(mcpClientAttributes), failureAttributes],
};

export const turnStartAttributes = {
  'rpc.system': { type: 'string', about: '`jsonrpc`' },
  'rpc.method': { type: 'string', about: '`turn/start`' },
  'rpc.transport': { type: 'string', about: '`in-process`' },
  'rpc.request_id': { type: 'string', about: 'begins with `temporary-structured-turn-`' },
  'turn.id': { type: 'string' },
} as const;

export const turnStartSpan: SpanDefinition = {
  name: 'turn/start',
  about: 'The request for the turn of a helper thread; readers leave such turns out.',
  parent: 'nothing; it starts a trace of its own',
  kind: 'server',
  attributes: [turnStartAttributes],
};

export const requestQueueAttributes = {
  key: { type: 'string', about: '`Thread { thread_id: "…" }`' },
} as const;

export const requestQueueSpan: SpanDefinition = {
  name: 'app_server.serialized_request_queue',
  about: 'The queue of a helper thread; readers remove such threads from their list.',
  parent: '`turn/start`',
  attributes: [requestQueueAttributes],
};

/** Every span that a session makes. */
export const sessionSpans: readonly SpanDefinition[] = [
  sessionTurnSpan,
  samplingSpan,
  toolBlockingSpan,
  receivingStreamSpan,
  handleResponsesSpan,
  handleToolCallSpan,
  mcpToolsCallSpan,
  turnStartSpan,
  requestQueueSpan,
];
