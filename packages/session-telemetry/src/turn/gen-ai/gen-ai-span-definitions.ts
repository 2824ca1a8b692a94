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

/** The spans that stand in the place of Codex's with `genAi: 'spans'`; their names end in what they are done with. */
export const genAiSpans: readonly SpanDefinition[] = [
  {
    name: 'invoke_agent *',
    about: 'One turn; without the name of the agent where it has none. In the place of `session_task.*`.',
    parent: '`parent`, else the active span',
    attributes: [turnAttributes, agentTurnAttributes, invokeAgentAttributes, failureAttributes],
  },
  {
    name: 'chat *',
    about:
      'One call of a model, from the request to the last event, which carries the usage. In the place of `receiving_stream`.',
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
      'One event of a response, as long as was waited for it. It carries usage only where that is told after its call ended.',
    parent: '`chat *`',
    attributes: [handleResponsesAttributes, responseUsageAttributes, failureAttributes],
  },
  {
    name: 'execute_tool *',
    about: 'A tool call. In the place of `handle_tool_call`.',
    parent: 'the turn, or the tool that makes the call',
    attributes: [handleToolCallAttributes, abortedToolAttributes, executeToolAttributes, failureAttributes],
  },
  {
    name: 'tools/call *',
    about:
      'The call of an MCP tool; its trace context goes to the server in `_meta`. In the place of `mcp.tools.call`.',
    parent: 'the turn, or the tool that makes the call',
    kind: 'client',
    attributes: [mcpToolsCallAttributes, abortedToolAttributes, mcpClientAttributes, failureAttributes],
  },
];
