import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { resolveExporter, resolveOtlpConnection } from '@codex-otel/config';
import { createTestCertificates } from '@codex-otel/testing';
import { describe, expect, it } from '@jest/globals';
import { diagMessages } from './diag-messages.ts';
import { parsed, refused } from './parsed.ts';

const messages = diagMessages();

/** Everything that a log statement or a debugger's console would make of a value. */
function shown(value: unknown): string {
  return [
    JSON.stringify(value),
    JSON.stringify({ value }),
    inspect(value),
    inspect({ value }, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }),
    // As console.dir shows it, and assert in its differences.
    inspect({ value }, { depth: Number.POSITIVE_INFINITY, customInspect: false }),
    String(value),
    value instanceof Error ? `${value.stack}` : '',
  ].join('\n');
}

const everything = `
[otel.exporter.otlp-http]
endpoint = "https://me:SECRET@c.example"
protocol = "binary"
headers = { authorization = "Bearer SECRET", x-env = "\${TOKEN}" }
[otel.trace_exporter.otlp-grpc]
endpoint = "https://c.example"
headers = { x-key = "SECRET" }
headers_helper = ["get-token", "SECRET"]
[otel.metrics_exporter.statsig]
api_key = "SECRET"
`;
const env = { TOKEN: 'SECRET', OTEL_EXPORTER_OTLP_HEADERS: 'x-own=SECRET' };

describe('secrets', () => {
  it('are not shown by settings, which stay plain objects', async () => {
    const settings = await parsed(everything, { env });
    expect(shown(settings)).not.toContain('SECRET');
    expect(settings).toMatchObject({
      exporter: { headers: { authorization: 'Bearer SECRET', 'x-env': 'SECRET' } },
      metricsExporter: { kind: 'statsig', apiKey: 'SECRET' },
    });
    const copy = { ...settings, exporter: { ...settings.exporter } };
    expect(copy).toEqual(settings);
    expect(shown(copy)).not.toContain('SECRET');
    expect(shown(resolveExporter(settings.metricsExporter, env))).not.toContain('SECRET');
  });

  it('are not shown by settings that come from the environment', async () => {
    const settings = await parsed('', {
      env: { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: 'https://me:SECRET@c.example' },
    });
    expect(shown(settings)).not.toContain('SECRET');
    expect(settings.traceExporter).toEqual({
      kind: 'otlp-http',
      endpoint: 'https://c.example/v1/traces',
      protocol: 'binary',
      headers: { authorization: `Basic ${Buffer.from('me:SECRET').toString('base64')}` },
    });
  });

  it.each([
    [
      'otlp-http = { endpoint = "https://me:SECRET@c.example/otlp?api_key=SECRET", protocol = "json" }',
      'https://c.example/otlp?[REDACTED]',
      'https://c.example/otlp?api_key=SECRET',
    ],
    [
      'otlp-http = { endpoint = "https://c.example#SECRET", protocol = "json", headers = { a = "SECRET" } }',
      'https://c.example#[REDACTED]',
      'https://c.example/v1/logs#SECRET',
    ],
    [
      'otlp-grpc = { endpoint = "https://c.example?api_key=SECRET" }',
      'https://c.example?[REDACTED]',
      'https://c.example?api_key=SECRET',
    ],
    [
      'statsig = { endpoint = "https://me:SECRET@c.example/v1?api_key=SECRET" }',
      'https://[REDACTED]@c.example/v1?[REDACTED]',
      'https://c.example/v1?api_key=SECRET',
    ],
    [
      'statsig = { api_key = "SECRET", endpoint = "https://c.example/v1?api_key=SECRET" }',
      'https://c.example/v1?[REDACTED]',
      'https://c.example/v1?api_key=SECRET',
    ],
  ])('are not shown by the endpoint of %s, nor by its connection', async (exporter, view, url) => {
    const settings = await parsed(`[otel]\nexporter = { ${exporter} }`, { env: {} });
    const resolved = resolveExporter(settings.exporter, { CODEX_OTEL_STATSIG_API_KEY: 'SECRET' });
    const connection = await resolveOtlpConnection(resolved, 'logs', {});
    expect(shown({ settings, resolved, connection })).not.toContain('SECRET');
    expect(JSON.parse(JSON.stringify(settings)).exporter.endpoint).toBe(view);
    expect(inspect(settings)).toContain(`endpoint: '${view}'`);
    expect(connection.url).toBe(url);
    // Still the original text for code that reads or compares it.
    expect({ ...settings.exporter }).toEqual(settings.exporter);
    expect(settings.exporter).toMatchObject({ endpoint: expect.stringContaining('SECRET') });
  });

  it.each(['http/protobuf', 'http/json', 'grpc'])(
    'are not shown by a %s endpoint of the environment',
    async (protocol) => {
      const settings = await parsed('', {
        env: {
          OTEL_LOGS_EXPORTER: 'otlp',
          OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
          OTEL_EXPORTER_OTLP_ENDPOINT: 'https://me:SECRET@c.example?api_key=SECRET',
        },
      });
      expect(shown(settings)).not.toContain('SECRET');
      expect(settings.exporter).toMatchObject({
        endpoint: expect.stringMatching(/^https:\/\/c\.example(?:\/v1\/logs)?\?api_key=SECRET$/),
      });
    },
  );

  it('are the only part of a table that is shown differently', async () => {
    const { metricsExporter } = await parsed('[otel]\nmetrics_exporter = { statsig = { api_key = "SECRET" } }', {
      env: {},
    });
    expect(inspect(metricsExporter)).toBe("{ kind: 'statsig', apiKey: '[REDACTED]' }");
  });

  it('are empty, not missing, if there are none', async () => {
    const settings = await parsed('[otel]\nexporter = { otlp-grpc = { endpoint = "https://c.example/@a" } }', {
      env: {},
    });
    expect(JSON.parse(JSON.stringify(settings.exporter))).toEqual({
      kind: 'otlp-grpc',
      endpoint: 'https://c.example/@a',
    });
    expect(Object.getOwnPropertyDescriptor(settings.exporter, 'endpoint')?.value).toBe('https://c.example/@a');
  });

  it('are not shown by connections and their headers', async () => {
    const settings = await parsed(everything, { env });
    const logs = await resolveOtlpConnection(settings.exporter, 'logs', env);
    const traces = await resolveOtlpConnection(settings.traceExporter, 'traces', env);
    const headers = await logs.headers();
    expect(shown([logs, traces, headers])).not.toContain('SECRET');
    expect({ ...headers }).toEqual({ authorization: 'Bearer SECRET', 'x-env': 'SECRET', 'x-own': 'SECRET' });
    const asked = await resolveOtlpConnection(
      { kind: 'otlp-grpc', endpoint: 'http://a', headers: async () => ({ a: 'SECRET' }) },
      'logs',
      {},
    );
    expect(shown(await asked.headers())).not.toContain('SECRET');
  });

  it('are not shown by TLS material', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'codex-otel-secrets-'));
    try {
      const { client, ca } = await createTestCertificates();
      const file = (name: string, text: string) => {
        writeFileSync(path.join(folder, name), text);
        return path.join(folder, name);
      };
      const tls = {
        caCertificate: file('ca.pem', ca.cert),
        clientCertificate: file('client.pem', client.cert),
        clientPrivateKey: file('client.key', client.key),
      };
      const connection = await resolveOtlpConnection({ kind: 'otlp-grpc', endpoint: 'https://a', tls }, 'logs', {});
      expect(connection.tls?.key).toBe(client.key);
      expect(shown(connection)).not.toMatch(/BEGIN|PRIVATE/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const pem = '-----BEGIN PRIVATE KEY-----\\nSECRET\\n-----END PRIVATE KEY-----';
  const grpcTls = (value: string) => `[otel.exporter.otlp-grpc]\nendpoint = "https://a"\ntls = ${value}`;
  const header = (value: string) => `[otel.exporter.otlp-http]\nheaders = { a = ${value} }\n`;

  it.each([
    ['beside other problems', header('"SECRET"')],
    ['that is not text', '[otel.exporter.otlp-grpc]\nendpoint = "http://a"\nheaders = ["SECRET"]'],
    ['in a table of its own', header('{ token = "SECRET" }')],
    ['as a whole', '[otel.exporter.otlp-grpc]\nendpoint = "http://a"\nheaders = "SECRET"'],
    ['as a command', '[otel.exporter.otlp-grpc]\nendpoint = "http://a"\nheaders_helper = "SECRET"'],
    ['as a key of a wrong kind', '[otel.metrics_exporter.statsig]\napi_key = ["SECRET"]'],
    ['in broken TOML', `${header('"SECRET"')}x = `],
    ['in a broken line', '[otel.exporter.otlp-http]\nheaders = { a = "SECRET" b }'],
    [
      'in an endpoint that is refused',
      '[otel]\nexporter = { otlp-grpc = { endpoint = "ftp://me:SECRET@a?key=SECRET" } }',
    ],
    ['in an endpoint for an exporter', '[otel]\nexporter = "https://me:SECRET@a?key=SECRET"'],
    ['in an endpoint without scheme', '[otel]\nexporter = { otlp-grpc = { endpoint = "me:SECRET@a:4317" } }'],
    ['in an endpoint that it spoils', '[otel]\nexporter = { otlp-grpc = { endpoint = "https://me:a/SECRET@b" } }'],
    ['for a table with a key', '[otel]\nmetrics_exporter = { statsig = "SECRET" }'],
    ['for TLS files', grpcTls(`"${pem}"`)],
    ['for the path of a TLS file', grpcTls(`{ ca-certificate = "${pem}" }`)],
  ])('are not shown by the error of a file that has one %s', async (_name, toml) => {
    expect(shown(await refused(toml))).not.toContain('SECRET');
  });

  it.each([
    'otel.exporter.otlp-grpc.headers=SECRET',
    'otel.exporter.otlp-grpc.headers.authorization:SECRET',
    'otel.exporter={otlp-grpc={endpoint=http://a,headers={authorization=Bearer SECRET}}}',
    'otel.exporter={otlp-grpc={headers={a="SECRET"}}',
    'otel.exporter.otlp-grpc={endpoint="http://a",headers={a=SECRET}}',
    'otel.metrics_exporter=statsig={api_key="SECRET"}',
  ])('are not shown by the error of the override %s', async (override) => {
    expect(shown(await refused('', { overrides: [override] }))).not.toContain('SECRET');
  });

  it('are not shown by a refused connection', async () => {
    const error: unknown = await resolveOtlpConnection({ kind: 'otlp-grpc', endpoint: 'SECRET' }, 'logs', {}).catch(
      (reason: unknown) => reason,
    );
    expect(shown(error)).not.toContain('SECRET');
  });

  it('are not reported on diag', async () => {
    const odd = {
      OTEL_EXPORTER_OTLP_HEADERS: 'SECRET',
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'a=SECRET%zz',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'me:SECRET@c.example',
      OTEL_LOGS_EXPORTER: 'otlp',
    };
    const settings = await parsed('', { env: odd });
    const connection = await resolveOtlpConnection(
      {
        ...settings.exporter,
        kind: 'otlp-http',
        endpoint: 'http://a',
        protocol: 'json',
        headers: { 'a b': 'SECRET', c: 'SECRET\n' },
      },
      'logs',
      odd,
    );
    await connection.headers();
    expect(messages.length).toBeGreaterThanOrEqual(4);
    expect(messages.join('\n')).not.toContain('SECRET');
  });
});
