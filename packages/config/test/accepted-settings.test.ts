// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the file has
import type { OtelSettings } from '@codex-otel/config';
import { describe, expect, it } from '@jest/globals';
import { diagMessages } from './diag-messages.ts';
import { emptySettings, grpcWith, parsed } from './parsed.ts';

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

describe('parseOtelConfig', () => {
  it.each(accepted)('reads %s', async (_name, toml, differing) => {
    expect(await parsed(toml)).toEqual({ ...emptySettings, ...differing });
  });

  it('gives no warning about a good file', async () => {
    await parsed(`[otel]\nexporter = ${http}\ntrace_exporter = "none"\n[otel.span_attributes]\na = "b"`);
    expect(messages).toEqual([]);
  });

  it('accepts a parsed table too', async () => {
    const table = { model: 'x', otel: { environment: 'prod', exporter: { 'otlp-grpc': { endpoint: 'http://a' } } } };
    expect(await parsed(table)).toEqual({
      ...emptySettings,
      environment: 'prod',
      exporter: { kind: 'otlp-grpc', endpoint: 'http://a' },
    });
  });

  it('treats a missing text as an empty file', async () => {
    expect(await parsed(undefined)).toEqual(emptySettings);
  });

  it('lets a host turn the shorthand off if the file does not decide', async () => {
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
