import * as v from 'valibot';
import { isFilePath } from './absolute-path.ts';
import type { ConfigTable, ExporterName, ExporterTable, ExporterValue, OtelTable } from './config-table.ts';
import { httpUrl } from './endpoint.ts';
import { LONGEST_TIMER_MILLIS } from './env.ts';
import { TRACESTATE_FIELD_KEY, TRACESTATE_FIELD_VALUE, TRACESTATE_MEMBER_KEY } from './tracestate-grammar.ts';

// The one definition of what a file may contain. Messages complete the sentence "expected …"; the reporting code adds
// what was found, since it knows which values are secret.

/** A URL for editors: less strict than {@link httpUrl}, which decides. */
const URL_PATTERN = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^/?#\s]/;
/** So that a batch's deadline fits into a timer. */
const MAX_MILLIS = LONGEST_TIMER_MILLIS;

/** A key that may be left out. */
const key = <const S extends v.GenericSchema>(schema: S, description: string) =>
  v.optional(v.pipe(schema, v.description(description)));
const flag = (description: string) => key(v.boolean('true or false'), description);
const text = (expected = 'a string', nonEmpty = `${expected} that is not empty`) =>
  v.pipe(v.string(expected), v.nonEmpty(nonEmpty));
const filePath = (description: string, expected = 'a file path', nonEmpty?: string) =>
  key(v.pipe(text(expected, nonEmpty), v.check(isFilePath, expected)), description);
const wholeNumber = (least: number, most: number, description: string) => {
  const expected = `a whole number from ${least} to ${most}`;
  const number = v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(least, expected),
    v.maxValue(most, expected),
  );
  return key(number, description);
};
const choice = <const T extends readonly [string, ...string[]]>(...options: T) =>
  v.picklist(options, options.map((option) => `'${option}'`).join(' or '));
const textTable = (description: string) =>
  key(
    v.record(v.pipe(v.string(), v.nonEmpty('a name that is not empty')), v.string('a string'), 'a table of strings'),
    description,
  );

const endpointText = 'a URL that starts with http:// or https://';
const endpoint = (description: string) =>
  v.pipe(
    v.string(endpointText),
    v.regex(URL_PATTERN, endpointText),
    v.check((value) => httpUrl(value) !== undefined, endpointText),
    v.description(description),
  );

const tls = v.object(
  {
    'ca-certificate': filePath('PEM file of the certificate authorities to trust.'),
    'client-certificate': filePath('PEM file of the client certificate; needs client-private-key.'),
    'client-private-key': filePath('PEM file of its private key; needs client-certificate.'),
  },
  'a table with ca-certificate, client-certificate and client-private-key',
);

const commandText = 'a command as an array of strings, such as ["cmd", "arg"]';
const command = v.pipe(
  v.array(v.string(commandText), commandText),
  v.check((words) => (words[0] ?? '') !== '', commandText),
  v.minLength(1, commandText),
);
const helperTable = v.object(
  {
    command,
    ttl_ms: wholeNumber(0, MAX_MILLIS, 'How long an answer is used, in milliseconds. Default: 300000.'),
    timeout_ms: wholeNumber(1, MAX_MILLIS, 'How long the command may run, in milliseconds. Default: 10000.'),
  },
  'a command, or a table with command, ttl_ms and timeout_ms',
);
const anyHelper = v.union([command, helperTable]);
const headersHelper = v.lazy((input: unknown) => {
  if (input === undefined) return anyHelper;
  return Array.isArray(input) ? command : helperTable;
});

const connection = {
  headers: textTable(`Headers of every export. \${NAME} is taken from the environment.`),
  headers_helper: key(headersHelper, 'A command that prints the headers as JSON, for tokens that expire.'),
  tls: key(tls, 'TLS material, as files.'),
  compression: key(choice('gzip', 'none'), 'Compression of the request body.'),
};
const httpExporter = v.object(
  {
    endpoint: endpoint('URL of this signal. Without a path it gets /v1/logs, /v1/traces or /v1/metrics.'),
    protocol: v.pipe(choice('binary', 'json'), v.description('Protobuf or JSON bodies.')),
    ...connection,
  },
  'a table with endpoint and protocol',
);
const grpcExporter = v.object(
  { endpoint: endpoint('URL of the collector; http:// is plaintext.'), ...connection },
  'a table with endpoint',
);
const statsigExporter = v.object(
  {
    api_key: key(text(), `The key; \${NAME} is taken from the environment.`),
    endpoint: v.optional(endpoint('URL for metrics, if not the built-in one.')),
  },
  'a table with api_key and endpoint',
);

const exporterText = "'none', 'console', 'statsig', { otlp-http = {…} } or { otlp-grpc = {…} }";
const exporterNames: Readonly<Record<ExporterName, true>> = { none: true, console: true, statsig: true };
const exporterName = v.picklist(Object.keys(exporterNames) as ExporterName[], exporterText);
const exporterTables = {
  'otlp-http': v.object({ 'otlp-http': httpExporter }, exporterText),
  'otlp-grpc': v.object({ 'otlp-grpc': grpcExporter }, exporterText),
  statsig: v.object({ statsig: statsigExporter }, exporterText),
} satisfies Record<ExporterTable, v.GenericSchema>;
/** Expected text for any table of the wrong shape: the exporter names it may have. */
const noExporter = v.pipe(v.never(exporterText));
const anyExporter = v.union([exporterName, ...Object.values(exporterTables)], exporterText);

/** The branch that a value is meant for, so that problems are reported for that branch only. */
function exporterBranch(input: unknown): v.GenericSchema<unknown, ExporterValue> {
  if (input === undefined) return anyExporter;
  if (typeof input !== 'object' || input === null) return exporterName;
  const known = Object.keys(input).filter((key) => key in exporterTables);
  const [kind] = known;
  return known.length === 1 && isExporterKind(kind) ? exporterTables[kind] : noExporter;
}

function isExporterKind(kind: string | undefined): kind is keyof typeof exporterTables {
  return kind !== undefined && Object.hasOwn(exporterTables, kind);
}

const exporter = (description: string) => key(v.lazy(exporterBranch), description);

const tracestate = v.record(
  v.pipe(v.string(), v.regex(TRACESTATE_MEMBER_KEY, 'a tracestate key of W3C Trace Context')),
  v.record(
    v.pipe(
      v.string(),
      v.regex(TRACESTATE_FIELD_KEY, "a field key of printable ASCII without ':', ';', ',', '=' and spaces"),
    ),
    v.pipe(
      v.string('a string'),
      v.regex(TRACESTATE_FIELD_VALUE, "printable ASCII without ',', ';' and '=', not ending in a space"),
    ),
    'a table of strings',
  ),
  'a table of tables',
);

const toolResult = v.object(
  { max_bytes: wholeNumber(0, Number.MAX_SAFE_INTEGER, 'Byte limit of the preview of a tool output. Default: 2048.') },
  'a table with max_bytes',
);

const spool = v.object(
  {
    directory: key(text('a folder'), 'Folder of the spool.'),
    max_bytes: wholeNumber(0, Number.MAX_SAFE_INTEGER, 'Byte limit of all spooled batches.'),
    max_age_ms: wholeNumber(0, Number.MAX_SAFE_INTEGER, 'How long a batch is kept, in milliseconds.'),
  },
  'a table with directory, max_bytes and max_age_ms',
);

const otel = v.pipe(
  v.object(
    {
      environment: key(text(), "Resource attribute 'env'. Default: dev."),
      exporter: exporter('Where log records go. Default: none.'),
      trace_exporter: exporter('Where spans go; does not follow exporter. Default: none.'),
      metrics_exporter: exporter('Where metrics go; does not follow exporter. Default: none.'),
      headers_helper: filePath(
        'A program that prints headers for all three signals as a JSON object; without its answer nothing is exported.',
        'the path of a program, without arguments',
        'the path of a program that is not empty, without arguments',
      ),
      headers_helper_refresh_interval_ms: wholeNumber(
        1,
        MAX_MILLIS,
        'How long an answer of headers_helper is used, in milliseconds. Default: 300000.',
      ),
      log_user_prompt: flag('Send the text of prompts, in log records only. Default: false.'),
      log_agent_responses: flag('Send the text of responses, in log records only. Default: false.'),
      log_guardian_assessments: flag('Send guardian assessments. Default: false.'),
      log_sse_deltas: flag('Send a log record for each delta of a response stream. Default: true.'),
      log_tool_arguments: flag('Send the arguments of tool calls, in log records only. Default: true.'),
      log_tool_output: flag('Send a preview of the output of tools, in log records only. Default: true.'),
      include_identity: flag('Send account id and e-mail address, in log records only. Default: true.'),
      gen_ai: key(
        choice('attributes', 'spans'),
        "OpenTelemetry's GenAI conventions: 'attributes' beside Codex's names, or 'spans' in their place. Default: neither.",
      ),
      scrub_secrets: flag('Remove keys, tokens and passwords from content by their shape. Default: true.'),
      tool_result: key(toolResult, 'How much of a tool output is sent.'),
      open_turn_interval_ms: wholeNumber(
        1,
        MAX_MILLIS,
        'Send a log record about each turn that is still open, every so many milliseconds. Default: never.',
      ),
      span_attributes: textTable('Attributes of every exported span.'),
      tracestate: key(tracestate, 'Fields that are added to the W3C tracestate: member, field, value.'),
      resource_attributes: textTable('Resource attributes of all three signals.'),
      service_instance_id: key(
        v.union([v.boolean(), text()], 'a string, or true for a random one'),
        "Resource attribute 'service.instance.id'; true for a random one.",
      ),
      temporality: key(choice('delta', 'cumulative', 'lowmemory'), 'Temporality of metrics. Default: delta.'),
      spool: key(spool, 'Keeps what cannot be delivered until it can.'),
    },
    'a table',
  ),
  v.description('OpenTelemetry export.'),
);

const analytics = v.object(
  { enabled: flag('False turns the built-in statsig metrics off; exporters of your own stay.') },
  'a table with enabled',
);

/** The `[otel]` table. */
export const otelSchema: v.GenericSchema<unknown, OtelTable> = otel;

/** The parts of a configuration file that are ours. */
export const configSchema: v.GenericSchema<unknown, ConfigTable> = v.object({
  otel: v.optional(otel),
  analytics: v.optional(analytics),
});

/** The parts that have a name in the JSON schema, because more than one key refers to them. */
export const schemaDefinitions: Readonly<Record<string, v.GenericSchema>> = {
  exporter: anyExporter,
  headers_helper: anyHelper,
};
