import type { GenAiMetric } from '@codex-otel/metrics';
import { genAiMetrics } from '@codex-otel/metrics';
import { responseUsageAttributes } from '@codex-otel/token-usage';
import type { GenAiAttribute, GenAiAttributeTable } from '../src/turn/gen-ai/gen-ai-attributes.ts';
import {
  executeToolAttributes,
  inferenceAttributes,
  invokeAgentAttributes,
  mcpClientAttributes,
} from '../src/turn/gen-ai/gen-ai-attributes.ts';
import { genAiSpans } from '../src/turn/gen-ai/gen-ai-span-definitions.ts';

/** The spans with the conventions' attributes, in each mode. */
const PLACES: readonly (readonly [codexSpan: string, ownSpan: string, table: GenAiAttributeTable])[] = [
  ['session_task.*', 'invoke_agent *', invokeAgentAttributes],
  ['handle_responses', 'chat *', { ...inferenceAttributes, ...usageOfConventions() }],
  ['handle_tool_call', 'execute_tool *', executeToolAttributes],
  ['mcp.tools.call', 'tools/call *', mcpClientAttributes],
];

/** The best mode for each back end. What each shows is in its own page. */
const BACK_ENDS: readonly (readonly [name: string, file: string, mode: string, why: string])[] = [
  ['Phoenix', 'phoenix', '`"spans"`', 'does not know Codex; kinds, tokens and cost come from the conventions'],
  ['MLflow', 'mlflow', '`"spans"`', 'tokens and cost are there without it, kinds come from the conventions'],
  ['Langfuse', 'langfuse', '`"spans"`', 'like Phoenix'],
  ['Datadog', 'datadog', '`"spans"`', 'like Phoenix'],
  ['New Relic', 'new-relic', '`"spans"`', 'like Phoenix'],
  ['Honeycomb', 'honeycomb', '`"attributes"`', 'queries by any name'],
  ['Grafana', 'grafana', '`"attributes"`', "its dashboards read Codex's names"],
  ['LangWatch', 'langwatch', 'off, or `"attributes"`', "reads Codex's spans by name"],
  ['SigNoz', 'signoz', 'off, or `"attributes"`', "its dashboard reads Codex's log records"],
];

/** The part of the page between these is written by `npm run backends -- gen-ai`. */
const SHOWN = ['<!-- shown -->', '<!-- end of shown -->'] as const;

/**
 * `docs/gen-ai.md`: how the conventions are followed, from the definitions.
 *
 * @param written - The current page, whose measurements with real back ends are kept.
 */
export function genAiDocument(written: string): string {
  const [start, end] = SHOWN;
  const shown = written.slice(written.indexOf(start), written.indexOf(end) + end.length);
  return [
    '# GenAI conventions',
    '',
    "How a session follows OpenTelemetry's conventions for generative AI, release 0.1.0 of " +
      '`open-telemetry/semantic-conventions-genai`; written by `pnpm run docs` in `packages/session-telemetry` from the ' +
      'definitions that the code uses. Every name in that release is in development and may change in the next.',
    '',
    '## One setting',
    '',
    '`gen_ai` in the `[otel]` table, or `genAi` of a session or of one turn. Without it, only the attributes of the conventions ' +
      'that Codex itself sends are recorded. No environment variable sets it, so that what an agent sends does not depend on ' +
      'the shell that it was started from.',
    '',
    '| `gen_ai` | spans | usage is on |',
    '| --- | --- | --- |',
    "| not set | Codex's | `handle_responses` |",
    '| `"attributes"` | Codex\'s, with the conventions\' attributes added | `handle_responses` |',
    '| `"spans"` | the conventions\' instead of Codex\'s | `chat *` |',
    '',
    'In each mode exactly one span of a response carries its usage, so that sums are right; with `"spans"` the turn carries ' +
      'none. Programs that read Codex compare span names: use one of the other two for them.',
    '',
    '## Which mode for which back end',
    '',
    '| back end | `gen_ai` | why |',
    '| --- | --- | --- |',
    ...BACK_ENDS.map(([name, file, mode, why]) => `| [${name}](backends/${file}.md) | ${mode} | ${why} |`),
    '',
    '`npm run backends -- gen-ai` starts Phoenix and MLflow (`PHOENIX_BIN` and `MLFLOW_BIN`, from the path, or installed ' +
      'once from PyPI if there is Python), sends them the demo with only this setting, and asks their APIs what they ' +
      'show. The cost comes from their own price lists.',
    '',
    shown,
    '',
    '## Spans',
    '',
    '| Codex | `"spans"` | kind | what it covers |',
    '| --- | --- | --- | --- |',
    ...genAiSpans.map(({ name, kind, about }) => {
      const codex = name === 'chat *' ? 'receiving_stream' : (PLACES.find(([, own]) => own === name)?.[0] ?? name);
      return `| \`${codex}\` | \`${name}\` | ${kind ?? 'internal'} | ${about} |`;
    }),
    '',
    "A name ends in the model, the tool or the agent. The spans with Codex's names keep their attributes, which are in " +
      '[spans.md](spans.md). The spans that replace them have the same attributes, except for the usage of a turn.',
    '',
    '## Attributes',
    '',
    '| GenAI name | type | Codex name | with `"attributes"` on | with `"spans"` on | absent when | meaning |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...PLACES.flatMap(([codexSpan, ownSpan, table]) =>
      Object.entries(table).map(([key, attribute]) => attributeRow(key, attribute, codexSpan, ownSpan)),
    ),
    '',
    '`gen_ai.request.*` and `gen_ai.output.type` come from the body of the request, if the agent passes it: ' +
      "`turn.observeResponse(…, { request })`. The model and the effort are the turn's.",
    '',
    '## Metrics',
    '',
    'Recorded with both modes, without the tags of the session.',
    '',
    '| metric | instrument | unit | boundaries | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...Object.values(genAiMetrics).map(metricRow),
    '',
    'No server says what kind of tokens it counts, so `gen_ai.token.modality` is `unknown`. `genAiOldMetrics: true` of a ' +
      'turn also records `gen_ai.client.operation.duration` and `gen_ai.client.token.usage`, which the release replaced. ' +
      'All tags are strings, even `server.port`.',
    '',
    '## Content',
    '',
    'No span carries content. The event `gen_ai.client.inference.operation.details` is a log record with the attributes ' +
      'of a call and its content: `gen_ai.system_instructions` and `gen_ai.input.messages` with ' +
      '`log_user_prompt`, and `gen_ai.output.messages` with `log_agent_responses`. For arguments and output of tools in them, ' +
      '`log_tool_arguments`, `log_tool_output` and `tool_result.max_bytes` apply. Without the first two, which are off by ' +
      'default, there is no such record. Each text passes `redact` and is scrubbed, as everywhere. The input comes from the ' +
      '`request` that the agent passes; if the history is longer than 1 MiB, its end is kept. The output is read from the Responses API, ' +
      'Chat Completions, messages of Anthropic and the AI SDK; for a run of `@openai/agents` it is absent.',
    '',
    '## What is left out',
    '',
    ...LEFT_OUT.map((line) => `- ${line}`),
    '',
  ].join('\n');
}

const LEFT_OUT: readonly string[] = [
  'Stop sequences, and the description of a status: they are free text, and spans carry no content.',
  'Usage on `invoke_agent *`: back ends that add up all spans would count it twice.',
  '`invoke_workflow`, `plan` and `create_agent` spans: a session does not have these operations.',
  'The schema URL, and the events `gen_ai.client.inference.exception` and `gen_ai.execute_tool.exception`: what the release says about them could not be confirmed.',
  '`gen_ai.operation.name` on `gen_ai.invoke_agent.duration`: it is not certain that the release has it.',
  '`mcp.client.session.duration`, `mcp.protocol.version`, `mcp.session.id` and `jsonrpc.request.id`: a tool call does not know the MCP session.',
];

function usageOfConventions(): GenAiAttributeTable {
  return Object.fromEntries(
    Object.entries(responseUsageAttributes).filter(
      ([key]) => key.startsWith('gen_ai.usage.') && !(key in inferenceAttributes),
    ),
  );
}

function attributeRow(key: string, { type, codex, absent, about }: GenAiAttribute, on: string, own: string): string {
  const same = codex === undefined ? '' : `\`${codex}\``;
  return `| \`${key}\` | ${type} | ${same} | \`${on}\` | \`${own}\` | ${absent ?? 'never'} | ${about ?? ''} |`;
}

function metricRow({ name, unit, boundaries, description }: GenAiMetric): string {
  const instrument = boundaries === undefined ? 'counter' : 'histogram';
  return `| \`${name}\` | ${instrument} | \`${unit}\` | ${boundaries?.join(', ') ?? ''} | ${description} |`;
}
