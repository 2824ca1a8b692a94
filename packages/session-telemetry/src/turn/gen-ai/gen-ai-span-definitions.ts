import type { SpanDefinition } from '@codex-otel/token-usage';
import { failureAttributes, responseUsageAttributes, turnSpan } from '@codex-otel/token-usage';
import {
  abortedToolAttributes,
  agentTurnAttributes,
  handleResponsesAttributes,
  handleToolCallAttributes,
  mcpToolsCallAttributes,
  receivingStreamAttributes,
} from '../span-definitions.ts';
import { without } from './added-attributes.ts';
import {
  executeToolAttributes,
  inferenceAttributes,
  invokeAgentAttributes,
  mcpClientAttributes,
} from './gen-ai-attributes.ts';

const [turnAttributes = {}] = turnSpan.attributes;

/** The spans that replace Codex's with `genAi: 'spans'`. Their names end in the target of the operation. */
export const genAiSpans: readonly SpanDefinition[] = [
  {
    name: 'invoke_agent *',
    about: 'One turn. If the agent has no name, the span is called `invoke_agent`. Replaces `session_task.*`.',
    parent: '`parent`, else the active span',
    attributes: [turnAttributes, agentTurnAttributes, invokeAgentAttributes, failureAttributes],
  },
  {
    name: 'chat *',
    about: 'One model call, from the request to the last event; it carries the usage. Replaces `receiving_stream`.',
    parent: 'the turn',
    kind: 'client',
    attributes: [
      inferenceAttributes,
      without(responseUsageAttributes, inferenceAttributes),
      receivingStreamAttributes,
      failureAttributes,
    ],
  },
  {
    name: 'handle_responses',
    about:
      'One event of a response; the span lasts as long as the wait for the event. It carries usage only if that was reported after the call had ended.',
    parent: '`chat *`',
    attributes: [handleResponsesAttributes, responseUsageAttributes, failureAttributes],
  },
  {
    name: 'execute_tool *',
    about: 'A tool call. Replaces `handle_tool_call`.',
    parent: 'the turn, or the tool that makes the call',
    attributes: [handleToolCallAttributes, abortedToolAttributes, executeToolAttributes, failureAttributes],
  },
  {
    name: 'tools/call *',
    about: 'The call of an MCP tool; `_meta` carries its trace context to the server. Replaces `mcp.tools.call`.',
    parent: 'the turn, or the tool that makes the call',
    kind: 'client',
    attributes: [mcpToolsCallAttributes, abortedToolAttributes, mcpClientAttributes, failureAttributes],
  },
];
