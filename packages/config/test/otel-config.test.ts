// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the file has
import type { Env, OtelConfigProblem, OtelSettings } from '@codex-otel/config';
import { describe, expect, it } from '@jest/globals';
import { diagMessages } from './diag-messages.ts';
import { emptySettings, parsed, refused } from './parsed.ts';

const messages = diagMessages();

const http = '{ otlp-http = { endpoint = "https://c.example/v1/logs", protocol = "binary" } }';
const httpExporter = { kind: 'otlp-http', endpoint: 'https://c.example/v1/logs', protocol: 'binary' } as const;

/** TOML and the settings that differ from those of an empty file. */
const accepted: readonly (readonly [name: string, toml: string, differing: Partial<OtelSettings>])[] = [
  ['an empty file', '', {}],
  ['a file about other things', 'model = "x"\n[mcp_servers.a]\ncommand = "b"', {}],
  ['an empty table', '[otel]', {}],
  ['a byte order mark', '\u{feff}[otel]\nenvironment = "prod"', { environment: 'prod' }],
  ['an environment', '[otel]\nenvironment = "prod"', { environment: 'prod' }],
  ['all flags', flags(true), flagSettings(true)],
  ['no flags', flags(false), flagSettings(false)],
  ['no tool output', '[otel.tool_result]\nmax_bytes = 0', { toolResultMaxBytes: 0 }],
  ['a dotted key', 'otel.tool_result.max_bytes = 7', { toolResultMaxBytes: 7 }],
  ['the exporter none', '[otel]\nexporter = "none"', {}],
  ['the exporter console', '[otel]\nexporter = "console"', { exporter: { kind: 'console' } }],
  ['the exporter statsig', '[otel]\nmetrics_exporter = "statsig"', { metricsExporter: { kind: 'statsig' } }],
  [
    'statsig with settings',
    '[otel]\nmetrics_exporter = { statsig = { api_key = "k", endpoint = "https://s.example" } }',
    { metricsExporter: { kind: 'statsig', apiKey: 'k', endpoint: 'https://s.example' } },
  ],
  ['an inline exporter', `[otel]\nexporter = ${http}`, { exporter: httpExporter }],
  [
    'an exporter as a table of its own',
    '[otel.exporter.otlp-http]\nendpoint = "https://c.example/v1/logs"\nprotocol = "binary"',
    { exporter: httpExporter },
  ],
  [
    'an exporter as a quoted table',
    '[otel.exporter."otlp-http"]\nendpoint = "https://c.example/v1/logs"\nprotocol = "binary"',
    { exporter: httpExporter },
  ],
  ['traces apart from logs', `[otel]\ntrace_exporter = ${http}`, { traceExporter: httpExporter }],
  ['metrics apart from logs', `[otel]\nmetrics_exporter = ${http}`, { metricsExporter: httpExporter }],
  [
    'JSON bodies',
    '[otel.exporter.otlp-http]\nendpoint = "http://localhost:4318"\nprotocol = "json"',
    { exporter: { kind: 'otlp-http', endpoint: 'http://localhost:4318', protocol: 'json' } },
  ],
  [
    'gRPC',
    '[otel]\nexporter = { otlp-grpc = { endpoint = "https://c.example:4317" } }',
    { exporter: { kind: 'otlp-grpc', endpoint: 'https://c.example:4317' } },
  ],
  [
    'headers',
    '[otel.exporter.otlp-grpc]\nendpoint = "https://c.example"\nheaders = { x-key = "v", "X-Other" = "" }',
    { exporter: { kind: 'otlp-grpc', endpoint: 'https://c.example', headers: { 'x-key': 'v', 'X-Other': '' } } },
  ],
  [
    'no headers',
    '[otel.exporter.otlp-grpc]\nendpoint = "https://c.example"\nheaders = {}',
    { exporter: { kind: 'otlp-grpc', endpoint: 'https://c.example' } },
  ],
  [
    'compression',
    '[otel.exporter.otlp-grpc]\nendpoint = "https://c.example"\ncompression = "gzip"',
    { exporter: { kind: 'otlp-grpc', endpoint: 'https://c.example', compression: 'gzip' } },
  ],
  [
    'TLS files, absolute and relative to the Codex home',
    '[otel.exporter.otlp-grpc]\nendpoint = "https://c.example"\n[otel.exporter.otlp-grpc.tls]\nca-certificate = "/ca.pem"\nclient-certificate = "c.pem"\nclient-private-key = "tls/k.pem"',
    {
      exporter: {
        kind: 'otlp-grpc',
        endpoint: 'https://c.example',
        tls: {
          caCertificate: '/ca.pem',
          clientCertificate: '/home/me/.codex/c.pem',
          clientPrivateKey: '/home/me/.codex/tls/k.pem',
        },
      },
    },
  ],
  [
    'a client certificate for gRPC in plain text, where it has no effect',
    '[otel.exporter.otlp-grpc]\nendpoint = "http://a"\ntls = { client-certificate = "/c", client-private-key = "/k" }',
    {
      exporter: {
        kind: 'otlp-grpc',
        endpoint: 'http://a',
        tls: { clientCertificate: '/c', clientPrivateKey: '/k' },
      },
    },
  ],
  [
    'credentials in an endpoint, as the header that they stand for',
    '[otel.exporter.otlp-grpc]\nendpoint = "https://me:p%40ss@c.example"',
    {
      exporter: {
        kind: 'otlp-grpc',
        endpoint: 'https://c.example',
        headers: { authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}` },
      },
    },
  ],
  [
    'an authorization header before the credentials of an endpoint',
    '[otel.exporter.otlp-grpc]\nendpoint = "https://me:secret@c.example"\nheaders = { Authorization = "Bearer t" }',
    { exporter: { kind: 'otlp-grpc', endpoint: 'https://c.example', headers: { Authorization: 'Bearer t' } } },
  ],
  ['span attributes', '[otel.span_attributes]\n"a.b" = "c"', { spanAttributes: { 'a.b': 'c' } }],
  ['no span attributes', '[otel]\nspan_attributes = {}', {}],
  [
    'a tracestate',
    '[otel.tracestate.example]\nalpha = "one"\nb = ""',
    { tracestate: { example: { alpha: 'one', b: '' } } },
  ],
  ['resource attributes', '[otel.resource_attributes]\nteam = "core"', { resourceAttributes: { team: 'core' } }],
  ['a service name of the file', '[otel.resource_attributes]\n"service.name" = "mine"', { serviceName: 'mine' }],
  ['a service version of the file', '[otel.resource_attributes]\n"service.version" = "9"', { serviceVersion: '9' }],
  ['an empty service name', '[otel.resource_attributes]\n"service.name" = ""', {}],
  ['an environment among the attributes', '[otel.resource_attributes]\nenv = "prod"', { environment: 'prod' }],
  [
    'an environment that has its own key as well',
    '[otel]\nenvironment = "prod"\n[otel.resource_attributes]\nenv = "test"',
    { environment: 'prod' },
  ],
  ['an instance id', '[otel]\nservice_instance_id = "i-1"', { serviceInstanceId: 'i-1' }],
  ['a random instance id', '[otel]\nservice_instance_id = true', { serviceInstanceId: true }],
  ['gen_ai: attributes', '[otel]\ngen_ai = "attributes"', { genAi: 'attributes' }],
  ['gen_ai: spans', '[otel]\ngen_ai = "spans"', { genAi: 'spans' }],
  ['temporality', '[otel]\ntemporality = "cumulative"', { temporality: 'cumulative' }],
  ['a spool with its defaults', '[otel.spool]', { spool: {} }],
  [
    'a spool with settings',
    '[otel.spool]\ndirectory = "spool"\nmax_bytes = 1000\nmax_age_ms = 60000',
    { spool: { directory: '/home/me/.codex/spool', maxBytes: 1000, maxAgeMillis: 60_000 } },
  ],
  ['a number elsewhere that JavaScript does not have', 'big = 9223372036854775807\n[otel]', {}],
  [
    'analytics off and an exporter of the user: metrics stay',
    `[analytics]\nenabled = false\n[otel]\nmetrics_exporter = ${http}`,
    { metricsExporter: httpExporter },
  ],
  [
    'analytics off and the shorthand: no metrics',
    '[analytics]\nenabled = false\n[otel]\nmetrics_exporter = "statsig"',
    {},
  ],
  [
    'analytics on',
    '[analytics]\nenabled = true\n[otel]\nmetrics_exporter = "statsig"',
    { metricsExporter: { kind: 'statsig' } },
  ],
];

const exporters = "'none', 'console', 'statsig', { otlp-http = {…} } or { otlp-grpc = {…} }";
const url = 'a URL that starts with http:// or https://';
const grpcWith = (rest: string) => `[otel.exporter.otlp-grpc]\nendpoint = "https://c.example"\n${rest}`;

/** TOML and the one problem that it has. */
const refusals: readonly (readonly [name: string, toml: string, path: string, message: string])[] = [
  ['an unknown exporter', '[otel]\nexporter = "zipkin"', 'otel.exporter', `found 'zipkin', expected ${exporters}`],
  [
    'a misspelled exporter',
    '[otel]\ntrace_exporter = "statsg"',
    'otel.trace_exporter',
    `found 'statsg', expected ${exporters}; did you mean 'statsig'?`,
  ],
  [
    'an exporter without its table',
    '[otel]\nexporter = "otlp-http"',
    'otel.exporter',
    `found 'otlp-http', expected ${exporters}; it needs a table with its settings`,
  ],
  [
    'an exporter table with an underscore',
    '[otel]\nexporter = { otlp_http = { endpoint = "http://a" } }',
    'otel.exporter',
    `found a table with 'otlp_http', expected ${exporters}; did you mean 'otlp-http'?`,
  ],
  [
    'an exporter table without a name',
    '[otel]\nexporter = {}',
    'otel.exporter',
    `found a table, expected ${exporters}`,
  ],
  [
    'a table for an exporter without settings',
    '[otel]\nexporter = { console = {} }',
    'otel.exporter',
    `found a table with 'console', expected ${exporters}; it has no settings and no table`,
  ],
  [
    'settings without the exporter that they are for',
    '[otel.exporter]\nendpoint = "http://a"\nprotocol = "json"',
    'otel.exporter',
    `found a table with 'endpoint', 'protocol', expected ${exporters}; its settings need a table of their own, such as otlp-http`,
  ],
  [
    'two exporters in one',
    '[otel]\nexporter = { otlp-http = {}, otlp-grpc = {} }',
    'otel.exporter',
    `found a table with 'otlp-http', 'otlp-grpc', expected ${exporters}`,
  ],
  [
    'an exporter that is a number',
    '[otel]\nmetrics_exporter = 5',
    'otel.metrics_exporter',
    `found 5, expected ${exporters}`,
  ],
  ['an exporter that is a list', '[otel]\nexporter = ["none"]', 'otel.exporter', `found a list, expected ${exporters}`],
  [
    'HTTP that is not a table',
    '[otel]\nexporter = { otlp-http = "http://a" }',
    'otel.exporter.otlp-http',
    'found a string, expected a table with endpoint and protocol',
  ],
  [
    'HTTP that is a list',
    '[otel]\nexporter = { otlp-http = [] }',
    'otel.exporter.otlp-http',
    'found a list, expected a table with endpoint and protocol',
  ],
  [
    'HTTP without protocol',
    '[otel.exporter.otlp-http]\nendpoint = "http://a"',
    'otel.exporter.otlp-http.protocol',
    "missing, expected 'binary' or 'json'",
  ],
  [
    'HTTP without endpoint',
    '[otel.trace_exporter.otlp-http]\nprotocol = "json"',
    'otel.trace_exporter.otlp-http.endpoint',
    `missing, expected ${url}`,
  ],
  [
    'a misspelled endpoint',
    '[otel.exporter.otlp-http]\nendpont = "http://a"\nprotocol = "json"',
    'otel.exporter.otlp-http.endpoint',
    `missing, expected ${url}; 'endpont' is not known, did you mean 'endpoint'?`,
  ],
  [
    'gRPC without endpoint',
    '[otel]\nexporter = { otlp-grpc = {} }',
    'otel.exporter.otlp-grpc.endpoint',
    `missing, expected ${url}`,
  ],
  [
    'an unknown protocol',
    '[otel.exporter.otlp-http]\nendpoint = "http://a"\nprotocol = "http/protobuf"',
    'otel.exporter.otlp-http.protocol',
    "found 'http/protobuf', expected 'binary' or 'json'; did you mean 'binary'?",
  ],
  [
    'an endpoint of another scheme',
    '[otel.exporter.otlp-grpc]\nendpoint = "grpc://a"',
    'otel.exporter.otlp-grpc.endpoint',
    `found 'grpc://a', expected ${url}`,
  ],
  [
    'an endpoint without scheme',
    '[otel.exporter.otlp-grpc]\nendpoint = "localhost:4317"',
    'otel.exporter.otlp-grpc.endpoint',
    `found 'localhost:4317', expected ${url}`,
  ],
  [
    'an endpoint without host',
    '[otel.exporter.otlp-grpc]\nendpoint = "https://"\ntls = {}',
    'otel.exporter.otlp-grpc.endpoint',
    `found 'https://', expected ${url}`,
  ],
  [
    'an endpoint with a space at its end',
    '[otel.exporter.otlp-grpc]\nendpoint = "https://a "',
    'otel.exporter.otlp-grpc.endpoint',
    `found 'https://a ', expected ${url}`,
  ],
  [
    'an endpoint with a backslash',
    "[otel.exporter.otlp-grpc]\nendpoint = 'https://a\\v1'",
    'otel.exporter.otlp-grpc.endpoint',
    `found 'https://a\\v1', expected ${url}`,
  ],
  [
    'an endpoint with an impossible port',
    '[otel.exporter.otlp-grpc]\nendpoint = "https://a:99999"',
    'otel.exporter.otlp-grpc.endpoint',
    `found 'https://a:99999', expected ${url}`,
  ],
  [
    'an endpoint that is a number',
    '[otel.exporter.otlp-grpc]\nendpoint = 4317',
    'otel.exporter.otlp-grpc.endpoint',
    `found 4317, expected ${url}`,
  ],
  [
    'headers that are text',
    grpcWith('headers = "a=b"'),
    'otel.exporter.otlp-grpc.headers',
    'found a string, expected a table of strings',
  ],
  [
    'a header that is a number',
    grpcWith('headers = { a = 1 }'),
    'otel.exporter.otlp-grpc.headers.a',
    'found a number, expected a string',
  ],
  [
    'a header whose variable is not set',
    grpcWith('headers = { x-key = "Bearer ${TOKEN}" }'),
    'otel.exporter.otlp-grpc.headers.x-key',
    "the environment variable 'TOKEN' is not set",
  ],
  [
    'a key whose variable is not set',
    '[otel]\nmetrics_exporter = { statsig = { api_key = "${TOKEN}" } }',
    'otel.metrics_exporter.statsig.api_key',
    "the environment variable 'TOKEN' is not set",
  ],
  [
    'a helper for all signals that is a list',
    '[otel]\nheaders_helper = ["get-token"]',
    'otel.headers_helper',
    'found a list, expected the path of a program, without arguments',
  ],
  [
    'a helper for all signals that is nothing',
    '[otel]\nheaders_helper = ""',
    'otel.headers_helper',
    'found a string, expected the path of a program, without arguments that is not empty',
  ],
  [
    'a helper that is asked all the time',
    '[otel]\nheaders_helper = "/a"\nheaders_helper_refresh_interval_ms = 0',
    'otel.headers_helper_refresh_interval_ms',
    'found 0, expected a whole number from 1 to 2147483647',
  ],
  [
    'open turns that are recorded all the time',
    '[otel]\nopen_turn_interval_ms = 0',
    'otel.open_turn_interval_ms',
    'found 0, expected a whole number from 1 to 2147483647',
  ],
  [
    'a helper that is text',
    grpcWith('headers_helper = "get-token --now"'),
    'otel.exporter.otlp-grpc.headers_helper',
    'found a string, expected a command, or a table with command, ttl_ms and timeout_ms',
  ],
  [
    'a helper without a command',
    grpcWith('headers_helper = []'),
    'otel.exporter.otlp-grpc.headers_helper',
    'found a list, expected a command as an array of strings, such as ["cmd", "arg"]',
  ],
  [
    'a helper with a number in it',
    grpcWith('headers_helper = ["a", 1]'),
    'otel.exporter.otlp-grpc.headers_helper',
    'found a number, expected a command as an array of strings, such as ["cmd", "arg"]',
  ],
  [
    'a helper table without a command',
    grpcWith('headers_helper = { ttl_ms = 5 }'),
    'otel.exporter.otlp-grpc.headers_helper.command',
    'missing, expected a command as an array of strings, such as ["cmd", "arg"]',
  ],
  [
    'a helper that may run no time',
    grpcWith('headers_helper = { command = ["a"], timeout_ms = 0 }'),
    'otel.exporter.otlp-grpc.headers_helper.timeout_ms',
    'found a number, expected a whole number from 1 to 2147483647',
  ],
  [
    'unknown compression',
    grpcWith('compression = "zstd"'),
    'otel.exporter.otlp-grpc.compression',
    "found 'zstd', expected 'gzip' or 'none'",
  ],
  [
    'a certificate without its key',
    grpcWith('tls = { client-certificate = "c.pem" }'),
    'otel.exporter.otlp-grpc.tls.client-private-key',
    'missing: found only client-certificate, both are needed for mutual TLS',
  ],
  [
    'a key without its certificate',
    grpcWith('tls = { client-private-key = "k.pem" }'),
    'otel.exporter.otlp-grpc.tls.client-certificate',
    'missing: found only client-private-key, both are needed for mutual TLS',
  ],
  [
    'a client certificate over plain http',
    '[otel.exporter.otlp-http]\nendpoint = "http://a"\nprotocol = "json"\ntls = { client-certificate = "c", client-private-key = "k" }',
    'otel.exporter.otlp-http.endpoint',
    'found http://, expected https://: a client certificate is never used over plain http',
  ],
  [
    'an empty file path',
    grpcWith('tls = { ca-certificate = "" }'),
    'otel.exporter.otlp-grpc.tls.ca-certificate',
    "found '', expected a file path that is not empty",
  ],
  [
    'PEM text for a file path',
    grpcWith('tls = { ca-certificate = "-----BEGIN CERTIFICATE-----" }'),
    'otel.exporter.otlp-grpc.tls.ca-certificate',
    'found PEM text, expected a file path',
  ],
  [
    'a table that was meant to be TOML',
    "[otel]\nexporter = '{ otlp-grpc = { endpoint = a } }'",
    'otel.exporter',
    `found a table that is not valid TOML, expected ${exporters}`,
  ],
  [
    'a flag that is text',
    '[otel]\nlog_user_prompt = "yes"',
    'otel.log_user_prompt',
    "found 'yes', expected true or false",
  ],
  [
    'an empty environment',
    '[otel]\nenvironment = ""',
    'otel.environment',
    "found '', expected a string that is not empty",
  ],
  [
    'a date for an environment',
    '[otel]\nenvironment = 2026-01-01',
    'otel.environment',
    'found a date, expected a string',
  ],
  [
    'a flag for the tool results',
    '[otel]\ntool_result = true',
    'otel.tool_result',
    'found true, expected a table with max_bytes',
  ],
  [
    'a negative limit',
    '[otel]\ntool_result.max_bytes = -1',
    'otel.tool_result.max_bytes',
    'found -1, expected a whole number from 0 to 9007199254740991',
  ],
  [
    'a limit that JavaScript does not have',
    '[otel]\ntool_result.max_bytes = 9223372036854775807',
    'otel.tool_result.max_bytes',
    'found 9223372036854775807, expected a whole number from 0 to 9007199254740991',
  ],
  [
    'half a byte',
    '[otel]\ntool_result.max_bytes = 0.5',
    'otel.tool_result.max_bytes',
    'found 0.5, expected a whole number from 0 to 9007199254740991',
  ],
  [
    'span attributes that are text',
    '[otel]\nspan_attributes = "a=b"',
    'otel.span_attributes',
    'found a string, expected a table of strings',
  ],
  [
    'a tracestate that is text',
    '[otel]\ntracestate = "a=b"',
    'otel.tracestate',
    'found a string, expected a table of tables',
  ],
  [
    'unknown temporality',
    '[otel]\ntemporality = "Delta"',
    'otel.temporality',
    "found 'Delta', expected 'delta' or 'cumulative' or 'lowmemory'; did you mean 'delta'?",
  ],
  [
    'GenAI conventions that there are not',
    '[otel]\ngen_ai = "events"',
    'otel.gen_ai',
    "found 'events', expected 'attributes' or 'spans'",
  ],
  [
    'an instance id that is a number',
    '[otel]\nservice_instance_id = 5',
    'otel.service_instance_id',
    'found 5, expected a string, or true for a random one',
  ],
  [
    'a spool that is a flag',
    '[otel]\nspool = true',
    'otel.spool',
    'found true, expected a table with directory, max_bytes and max_age_ms',
  ],
  ['a list of tables', '[[otel]]\nexporter = "none"', 'otel', 'found a list, expected a table'],
  [
    'a list for headers',
    grpcWith('headers = []'),
    'otel.exporter.otlp-grpc.headers',
    'found a list, expected a table of strings',
  ],
  [
    'a list for span attributes',
    '[otel]\nspan_attributes = []',
    'otel.span_attributes',
    'found a list, expected a table of strings',
  ],
  [
    'a date for a spool',
    '[otel]\nspool = 2026-01-01',
    'otel.spool',
    'found a date, expected a table with directory, max_bytes and max_age_ms',
  ],
  ['an otel table that is text', 'otel = "on"', 'otel', 'found a string, expected a table'],
  ['analytics that is a flag', 'analytics = false', 'analytics', 'found false, expected a table with enabled'],
  [
    'an analytics switch that is text',
    '[analytics]\nenabled = "no"',
    'analytics.enabled',
    "found 'no', expected true or false",
  ],
  [
    'text that is not TOML',
    '[otel]\nexporter =',
    'otel',
    'the configuration is not valid TOML: invalid value (line 2, column 11); nothing of it is used until that is corrected',
  ],
  [
    'a key that stands twice',
    '[otel]\nenvironment = "a"\nenvironment = "b"',
    'otel',
    'the configuration is not valid TOML: trying to redefine an already defined table or value (line 3, column 1); nothing of it is used until that is corrected',
  ],
];

describe('parseOtelConfig', () => {
  it.each(accepted)('reads %s', async (_name, toml, differing) => {
    expect(await parsed(toml)).toEqual({ ...emptySettings, ...differing });
  });

  it.each(refusals)('refuses %s', async (_name, toml, path, message) => {
    const error = await refused(toml);
    expect(error.problems).toEqual([{ path, message }]);
    expect(error).toMatchObject({
      name: 'OtelConfigError',
      code: 'INVALID_OTEL_CONFIG',
      path,
      message: `${path}: ${message}`,
    });
  });

  it('has more than sixty cases', () => {
    expect(accepted.length + refusals.length).toBeGreaterThanOrEqual(60);
  });

  it('says nothing about a good file', async () => {
    await parsed(`[otel]\nexporter = ${http}\ntrace_exporter = "none"\n[otel.span_attributes]\na = "b"`);
    expect(messages).toEqual([]);
  });

  it('reports every problem of a file at once', async () => {
    const error = await refused(
      '[otel]\nexporter = "zipkin"\nlog_user_prompt = 1\n[otel.trace_exporter.otlp-http]\n[otel.metrics_exporter.otlp-grpc]\nendpoint = "x"\n[analytics]\nenabled = 1',
    );
    expect(error.problems.map(({ path }) => path)).toEqual([
      'otel.exporter',
      'otel.trace_exporter.otlp-http.endpoint',
      'otel.trace_exporter.otlp-http.protocol',
      'otel.metrics_exporter.otlp-grpc.endpoint',
      'otel.log_user_prompt',
      'analytics.enabled',
    ]);
    expect(error.path).toBe('otel.exporter');
    expect(error.message.split('\n')).toHaveLength(7);
  });

  it('reports the unset variables of all exporters at once', async () => {
    const exporter = (name: string) =>
      `[otel.${name}.otlp-grpc]\nendpoint = "http://a"\nheaders = { h = "\${NOT_SET}" }\n`;
    const error = await refused(exporter('exporter') + exporter('metrics_exporter'));
    expect(error.problems.map(({ path }) => path)).toEqual([
      'otel.exporter.otlp-grpc.headers.h',
      'otel.metrics_exporter.otlp-grpc.headers.h',
    ]);
  });

  it('takes the table of a parser as well', async () => {
    const table = { model: 'x', otel: { environment: 'prod', exporter: { 'otlp-grpc': { endpoint: 'http://a' } } } };
    expect(await parsed(table)).toEqual({
      ...emptySettings,
      environment: 'prod',
      exporter: { kind: 'otlp-grpc', endpoint: 'http://a' },
    });
  });

  it.each([[5], [true], [[]], [() => ({})], [new Map()]])('refuses %p, which is not a configuration', async (input) => {
    expect((await refused(input)).problems).toEqual([
      { path: 'otel', message: 'the configuration is neither TOML text nor a table' },
    ]);
  });

  it('treats a missing text as an empty file', async () => {
    expect(await parsed(undefined)).toEqual(emptySettings);
  });

  describe('unknown keys', () => {
    it.each([
      [
        'otel',
        '[otel]\nlog_user_promt = true',
        "otel.log_user_promt: unknown key, ignored; did you mean 'log_user_prompt'?",
      ],
      [
        'otel, for logs',
        '[otel]\nlogs_exporter = "none"',
        "otel.logs_exporter: unknown key, ignored; did you mean 'exporter'?",
      ],
      [
        'otel, plural',
        '[otel]\ntraces_exporter = "none"',
        "otel.traces_exporter: unknown key, ignored; did you mean 'trace_exporter'?",
      ],
      ['otel, unlike anything', '[otel]\nfrobnicate = 1', 'otel.frobnicate: unknown key, ignored'],
      [
        'an exporter',
        grpcWith('header = { a = "b" }'),
        "otel.exporter.otlp-grpc.header: unknown key, ignored; did you mean 'headers'?",
      ],
      [
        'tls',
        grpcWith('tls = { ca_certificate = "a" }'),
        "otel.exporter.otlp-grpc.tls.ca_certificate: unknown key, ignored; did you mean 'ca-certificate'?",
      ],
      [
        'tool_result',
        '[otel.tool_result]\nmaxbytes = 1',
        "otel.tool_result.maxbytes: unknown key, ignored; did you mean 'max_bytes'?",
      ],
      ['analytics', '[analytics]\nenable = false', "analytics.enable: unknown key, ignored; did you mean 'enabled'?"],
    ])('warns about one in %s', async (_where, toml, warning) => {
      await parsed(toml);
      expect(messages).toContain(`warn: codex-otel/config: ${warning}`);
    });

    it('says nothing about those of other tables', async () => {
      await parsed('exporters = 1\n[mcp_servers.x]\nendpont = "a"');
      expect(messages).toEqual([]);
    });

    it('names a key outside of the table', async () => {
      await parsed('exporter = "console"\n[otel]');
      expect(messages).toEqual([
        'warn: codex-otel/config: exporter: ignored, it stands outside of [otel] in the configuration',
      ]);
    });

    it.each(['OTEL', 'Otel', 'opentelemetry'])('names a table that is called %s', async (name) => {
      await parsed(`[${name}]\nexporter = "console"`);
      expect(messages).toEqual([`warn: codex-otel/config: ${name}: unknown table, ignored; did you mean 'otel'?`]);
    });

    it('stops after twenty of them', async () => {
      await parsed(`[otel]\n${Array.from({ length: 500 }, (_, index) => `zzzzzzzz${index} = 1`).join('\n')}`);
      expect(messages).toHaveLength(20);
    });
  });

  describe('lenient tables', () => {
    it('leaves out a span attribute with an empty key or a value that is not a string', async () => {
      const settings = await parsed('[otel.span_attributes]\n"" = "x"\nn = 5\ngood = "y"');
      expect(settings.spanAttributes).toEqual({ good: 'y' });
      expect(messages).toEqual([
        'warn: codex-otel/config: otel.span_attributes."": left out: found \'\', expected a name that is not empty',
        'warn: codex-otel/config: otel.span_attributes.n: left out: found 5, expected a string',
      ]);
    });

    it('keeps the good fields of a tracestate member', async () => {
      const settings = await parsed('[otel.tracestate.example]\n"b:d" = "x"\nalpha = "one"');
      expect(settings.tracestate).toEqual({ example: { alpha: 'one' } });
      expect(messages).toHaveLength(1);
      expect(messages[0]).toContain('otel.tracestate.example."b:d"');
    });

    it.each([
      ['a comma', 'a,b'],
      ['an equals sign', 'a=b'],
      ['a semicolon', 'a;b'],
      ['a line break', 'a\\nb'],
      ['a trailing space', 'a '],
      ['a letter that is not ASCII', 'é'],
    ])('leaves out a tracestate value with %s, and the member with it', async (_name, value) => {
      const settings = await parsed(`[otel.tracestate.example]\na = "${value}"`);
      expect(settings.tracestate).toBeUndefined();
      expect(messages).toHaveLength(1);
      expect(messages[0]).toContain('otel.tracestate.example.a');
    });

    it('keeps a value with a colon and an inner space', async () => {
      const settings = await parsed('[otel.tracestate.example]\na = "b:c d"');
      expect(settings.tracestate).toEqual({ example: { a: 'b:c d' } });
    });

    it('leaves out a member without fields in silence', async () => {
      expect((await parsed('[otel.tracestate.example]')).tracestate).toBeUndefined();
      expect(messages).toEqual([]);
    });

    it('leaves out a member that is a list', async () => {
      const settings = await parsed('[otel.tracestate]\na = ["x"]\nb = { c = "d" }');
      expect(settings.tracestate).toEqual({ b: { c: 'd' } });
      expect(messages).toEqual([
        'warn: codex-otel/config: otel.tracestate.a: left out: found a list, expected a table of strings',
      ]);
    });

    it('leaves out a member whose key is not one', async () => {
      const settings = await parsed('[otel.tracestate.Upper]\na = "b"\n[otel.tracestate."1a@b"]\na = "b"');
      expect(settings.tracestate).toEqual({ '1a@b': { a: 'b' } });
      expect(messages).toHaveLength(1);
      expect(messages[0]).toContain('otel.tracestate.Upper');
    });

    it('leaves out a member that is too long as a whole', async () => {
      const settings = await parsed(
        `[otel.tracestate.a]\nb = "${'x'.repeat(255)}"\n[otel.tracestate.c]\nd = "${'x'.repeat(254)}"`,
      );
      expect(settings.tracestate).toEqual({ c: { d: 'x'.repeat(254) } });
      expect(messages).toEqual([
        'warn: codex-otel/config: otel.tracestate.a: left out: the member is too long to be sent',
      ]);
    });

    it('leaves out all of a tracestate that has too many members', async () => {
      const members = (count: number) =>
        Array.from({ length: count }, (_, index) => `[otel.tracestate.m${index}]\na = "b"`).join('\n');
      expect(Object.keys((await parsed(members(32))).tracestate ?? {})).toHaveLength(32);
      expect((await parsed(members(33))).tracestate).toBeUndefined();
      expect(messages).toEqual([
        'warn: codex-otel/config: otel.tracestate: left out: it has more members than a tracestate may have',
      ]);
    });

    it.each(['__proto__', 'constructor', 'prototype'])('leaves out the name %s with a warning', async (name) => {
      const settings = await parsed(`[otel.span_attributes]\n"${name}" = "x"\ngood = "y"`);
      expect(settings.spanAttributes).toEqual({ good: 'y' });
      expect(messages).toEqual([
        `warn: codex-otel/config: otel.span_attributes.${name}: left out: this name cannot be used`,
      ]);
    });
  });

  it('passes warnings to a listener, and ignores its errors', async () => {
    const heard: string[] = [];
    const settings = await parsed('[otel]\nfrob = 1', {
      onWarning: ({ path }) => {
        heard.push(path);
        throw new Error('not our problem');
      },
    });
    expect(heard).toEqual(['otel.frob']);
    expect(settings).toEqual(emptySettings);
  });

  it('passes warnings about the environment too, each one once', async () => {
    const heard: OtelConfigProblem[] = [];
    const env = {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'smoke',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_RESOURCE_ATTRIBUTES: 'a',
    };
    await parsed('exporter = "none"', { env, onWarning: (warning) => heard.push(warning) });
    expect(heard).toEqual([
      { path: 'exporter', message: 'ignored, it stands outside of [otel] in the configuration' },
      {
        path: 'OTEL_EXPORTER_OTLP_PROTOCOL',
        message: "ignored, found 'smoke', expected 'grpc', 'http/protobuf', 'http/json'",
      },
      {
        path: 'OTEL_RESOURCE_ATTRIBUTES',
        message: "ignored, its entry number 1 is not of the form 'name=percent-encoded value'",
      },
    ]);
    expect(messages).toHaveLength(3);
  });

  it('says that exporter is for logs only', async () => {
    await parsed('[otel]\nexporter = "console"');
    expect(messages).toEqual([
      'info: codex-otel/config: otel.exporter is for logs only: traces need otel.trace_exporter, metrics otel.metrics_exporter',
    ]);
  });

  it.each<[string, string, Env]>([
    ['there are none', '[otel]\nexporter = "none"', {}],
    ['traces are said to be off', '[otel]\nexporter = "console"\ntrace_exporter = "none"', {}],
    ['the environment sends metrics', '[otel]\nexporter = "console"', { OTEL_METRICS_EXPORTER: 'otlp' }],
  ])('says nothing about logs where %s', async (_name, toml, env) => {
    await parsed(toml, { env });
    expect(messages).toEqual([]);
  });

  it.each([
    ['[otel]\nlogs = "x"', 'exporter'],
    ['[otel]\nservice_name = "x"', 'resource_attributes'],
    [grpcWith('uri = "x"'), 'endpoint'],
    [grpcWith('tls = { ca_cert = "x" }'), 'ca-certificate'],
    [grpcWith('tls = { clientCert = "x" }'), 'client-certificate'],
    [grpcWith('tls = { client-key = "x" }'), 'client-private-key'],
  ])('knows what is meant by %j', async (toml, meant) => {
    await parsed(toml);
    expect(messages).toContainEqual(expect.stringContaining(`did you mean '${meant}'?`));
  });

  it('says that statsig takes metrics only', async () => {
    await parsed('[otel]\ntrace_exporter = "statsig"');
    expect(messages).toEqual(["warn: codex-otel/config: otel.trace_exporter: 'statsig' takes metrics only"]);
  });

  it('lets a host turn the shorthand off where the file does not decide', async () => {
    const toml = '[otel]\nmetrics_exporter = "statsig"';
    expect((await parsed(toml, { analyticsByDefault: false })).metricsExporter).toEqual({ kind: 'none' });
    expect(
      (await parsed(`${toml}\n[analytics]\nenabled = true`, { analyticsByDefault: false })).metricsExporter,
    ).toEqual({
      kind: 'statsig',
    });
  });

  it('fills variables into header values, but not escaped ones', async () => {
    const { exporter } = await parsed(
      grpcWith('headers = { a = "Bearer ${TOKEN}-${TOKEN}", b = "$${TOKEN} $TOKEN", c = "${EMPTY}" }'),
      {
        env: { TOKEN: 't${TOKEN}', EMPTY: '' },
      },
    );
    expect(exporter).toMatchObject({ headers: { a: 'Bearer t${TOKEN}-t${TOKEN}', b: '${TOKEN} $TOKEN', c: '' } });
  });
});

function flags(value: boolean): string {
  const names = [
    'log_user_prompt',
    'log_agent_responses',
    'log_guardian_assessments',
    'log_tool_arguments',
    'log_tool_output',
    'include_identity',
    'scrub_secrets',
    'log_sse_deltas',
  ];
  return `[otel]\n${names.map((name) => `${name} = ${value}`).join('\n')}`;
}

function flagSettings(value: boolean): Partial<OtelSettings> {
  return {
    logUserPrompts: value,
    logAgentResponses: value,
    logGuardianAssessments: value,
    logToolArguments: value,
    logToolOutput: value,
    includeIdentity: value,
    scrubSecrets: value,
    logSseDeltas: value,
  };
}
