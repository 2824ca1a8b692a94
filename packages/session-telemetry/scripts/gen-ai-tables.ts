// x
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

/** Where the conventions' attributes stand, in each of the modes. */
const PLACES: readonly (readonly [codexSpan: string, ownSpan: string, table: GenAiAttributeTable])[] = [
  ['session_task.*', 'invoke_agent *', invokeAgentAttributes],
  ['handle_responses', 'chat *', { ...inferenceAttributes, ...usageOfConventions() }],
  ['handle_tool_call', 'execute_tool *', executeToolAttributes],
  ['mcp.tools.call', 'tools/call *', mcpClientAttributes],
];

/** Which back end wants what; what each shows of it is in its own page. */
const BACK_ENDS: readonly (readonly [name: string, file: string, mode: string, why: string])[] = [
  ['Phoenix', 'phoenix', '`"spans"`', 'knows nothing of Codex; kinds, tokens and cost come from the conventions'],
  ['MLflow', 'mlflow', '`"spans"`', 'tokens and cost are there without it, kinds come from the conventions'],
  ['Langfuse', 'langfuse', '`"spans"`', 'as Phoenix'],
  ['Datadog', 'datadog', '`"spans"`', 'as Phoenix'],
  ['New Relic', 'new-relic', '`"spans"`', 'as Phoenix'],
  ['Honeycomb', 'honeycomb', '`"attributes"`', 'queries by any name'],
  ['Grafana', 'grafana', '`"attributes"`', "its dashboards read Codex's names"],
  ['LangWatch', 'langwatch', 'off, or `"attributes"`', "reads Codex's spans by name"],
  ['SigNoz', 'signoz', 'off, or `"attributes"`', "its dashboard reads Codex's log records"],
];

/** What `npm run backends -- gen-ai` writes into the page stands between these. */
const SHOWN = ['<!-- shown -->', '<!-- end of shown -->'] as const;

/**
 * `docs/gen-ai.md`: how the conventions are followed, as the definitions say.
 *
 * @param written - the page as it is; what was measured with real back ends stays
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
    '`gen_ai` in the `[otel]` table, or `genAi` of a session or of one turn. Without it nothing of the conventions is ' +
      'recorded but what Codex itself sends. No environment variable sets it: what an agent sends does not depend on the ' +
      'shell that it was started from.',
    '',
    '| `gen_ai` | spans | usage is on |',
    '| --- | --- | --- |',
    "| not set | Codex's | `handle_responses` |",
    '| `"attributes"` | Codex\'s, with the conventions\' attributes added | `handle_responses` |',
    '| `"spans"` | the conventions\' in the place of Codex\'s | `chat *` |',
    '',
    'In each of them one span of a response carries its usage, so that sums are right. With `"spans"` the turn carries none ' +
      'either. Programs that read Codex compare span names: give them one of the other two.',
    '',
    '## Which back end wants which',
    '',
    '| back end | `gen_ai` | why |',
    '| --- | --- | --- |',
    ...BACK_ENDS.map(([name, file, mode, why]) => `| [${name}](backends/${file}.md) | ${mode} | ${why} |`),
    '',
    '`npm run backends -- gen-ai` starts Phoenix and MLflow (`PHOENIX_BIN` and `MLFLOW_BIN`, from the path, or installed ' +
      'once from PyPI where Python is), sends them the demo with no setting but this one, and asks their APIs for what ' +
      'they show. The cost is by their own lists of prices.',
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
      '[spans.md](spans.md), and so do those that take their place, but for the usage of a turn.',
    '',
    '## Attributes',
    '',
    '| GenAI name | type | Codex name | with `"attributes"` on | with `"spans"` on | absent when | meaning |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...PLACES.flatMap(([codexSpan, ownSpan, table]) =>
      Object.entries(table).map(([key, attribute]) => attributeRow(key, attribute, codexSpan, ownSpan)),
    ),
    '',
    '`gen_ai.request.*` and `gen_ai.output.type` come from the body of the request, where the agent hands it over: ' +
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
    'No server says of what kind the tokens are that it counts, so `gen_ai.token.modality` is `unknown`. ' +
      '`genAiOldMetrics: true` of a turn records `gen_ai.client.operation.duration` and `gen_ai.client.token.usage` too, ' +
      'which the release replaced. Tags are texts, `server.port` too.',
    '',
    '## Content',
    '',
    'No span carries content. The event `gen_ai.client.inference.operation.details` is a log record with all that the ' +
      'conventions say of a call, and what was said in it: `gen_ai.system_instructions` and `gen_ai.input.messages` with ' +
      '`log_user_prompt`, `gen_ai.output.messages` with `log_agent_responses`, the arguments and the output of tools in them ' +
      'as `log_tool_arguments`, `log_tool_output` and `tool_result.max_bytes` say. Without the first two, which are off by ' +
      'default, there is no such record. Each text passes `redact` and loses its secrets, as everywhere. What went in comes ' +
      'from the `request` that the agent hands over; of a history above 1 MiB the end is kept. What came out is read from ' +
      'the Responses API, Chat Completions, messages of Anthropic and the AI SDK; of a run of `@openai/agents` it is absent.',
    '',
    '## What is left out',
    '',
    ...LEFT_OUT.map((line) => `- ${line}`),
    '',
  ].join('\n');
}

const LEFT_OUT: readonly string[] = [
  'Stop sequences, and the description of a status: they are free text, and no span carries content.',
  'Usage on `invoke_agent *`: back ends that add up all spans would count it twice.',
  '`invoke_workflow`, `plan` and `create_agent` spans: a session has none of these operations.',
  'The schema URL, and the events `gen_ai.client.inference.exception` and `gen_ai.execute_tool.exception`: what the release says of them could not be confirmed.',
  '`gen_ai.operation.name` on `gen_ai.invoke_agent.duration`: it is not certain that the release has it.',
  '`mcp.client.session.duration`, `mcp.protocol.version`, `mcp.session.id` and `jsonrpc.request.id`: the call of a tool knows no MCP session.',
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
