import type { Env, OtelExporter, OtelSignal } from '@codex-otel/config';
import { headersHelperOf, resolveExporter, resolveOtlpConnection } from '@codex-otel/config';
import { describe, expect, it } from '@jest/globals';
import { diagMessages } from './diag-messages.ts';

const messages = diagMessages();

const http: OtelExporter = { kind: 'otlp-http', endpoint: 'https://c.example', protocol: 'binary' };
const grpc: OtelExporter = { kind: 'otlp-grpc', endpoint: 'https://c.example:4317' };

describe('resolveOtlpConnection', () => {
  it.each<[string, OtelSignal, string]>([
    ['https://c.example', 'logs', 'https://c.example/v1/logs'],
    ['https://c.example', 'traces', 'https://c.example/v1/traces'],
    ['https://c.example/', 'metrics', 'https://c.example/v1/metrics'],
    ['HTTP://localhost:4318', 'logs', 'HTTP://localhost:4318/v1/logs'],
    ['https://c.example?key=v', 'logs', 'https://c.example/v1/logs?key=v'],
    ['https://c.example/?key=v', 'logs', 'https://c.example/v1/logs?key=v'],
    ['http://[::1]:4318', 'logs', 'http://[::1]:4318/v1/logs'],
    ['https://c.example/v1/logs', 'logs', 'https://c.example/v1/logs'],
    ['https://c.example/v1/traces', 'logs', 'https://c.example/v1/traces'],
    ['https://c.example/in/', 'logs', 'https://c.example/in/'],
    ['https://c.example/%7Ea//b?x#y', 'logs', 'https://c.example/%7Ea//b?x#y'],
    ['https://me:secret@c.example', 'logs', 'https://c.example/v1/logs'],
  ])('sends what is meant for %s (%s) to %s', async (endpoint, signal, url) => {
    expect((await resolveOtlpConnection({ ...http, endpoint }, signal, {})).url).toBe(url);
  });

  it('uses a gRPC endpoint unchanged', async () => {
    expect(await resolveOtlpConnection(grpc, 'logs', {})).toMatchObject({
      protocol: 'grpc',
      url: 'https://c.example:4317',
    });
  });

  it('names the protocol', async () => {
    expect((await resolveOtlpConnection(http, 'logs', {})).protocol).toBe('http/protobuf');
    expect((await resolveOtlpConnection({ ...http, protocol: 'json' }, 'logs', {})).protocol).toBe('http/json');
  });

  it.each<[string, OtelExporter, string, string]>([
    [
      'no URL',
      { ...http, endpoint: 'localhost:4318' },
      'otel.trace_exporter.otlp-http.endpoint',
      'expected a URL that starts with http:// or https://',
    ],
    ['no connection', { kind: 'none' }, 'otel.trace_exporter', "an exporter of the kind 'none' has no connection"],
    [
      'standard output',
      { kind: 'console' },
      'otel.trace_exporter',
      "an exporter of the kind 'console' has no connection",
    ],
    [
      'half a client identity',
      { ...grpc, tls: { clientCertificate: 'c.pem' } },
      'otel.trace_exporter.otlp-grpc.tls.client-private-key',
      'missing: found only client-certificate, both are needed for mutual TLS',
    ],
  ])('refuses %s', async (_name, exporter, path, message) => {
    await expect(resolveOtlpConnection(exporter, 'traces', {})).rejects.toMatchObject({
      code: 'INVALID_OTEL_CONFIG',
      problems: [{ path, message }],
    });
  });

  describe('time-outs', () => {
    it.each<[Env, OtelSignal, number]>([
      [{}, 'logs', 10_000],
      [{ OTEL_EXPORTER_OTLP_TIMEOUT: '700' }, 'logs', 700],
      [{ OTEL_EXPORTER_OTLP_TIMEOUT: '700', OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '300' }, 'logs', 300],
      [{ OTEL_EXPORTER_OTLP_TIMEOUT: '700', OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '300' }, 'traces', 300],
      [{ OTEL_EXPORTER_OTLP_TIMEOUT: '700', OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '300' }, 'metrics', 300],
      [{ OTEL_EXPORTER_OTLP_TIMEOUT: '700', OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '300' }, 'logs', 700],
      [{ OTEL_EXPORTER_OTLP_TIMEOUT: '700', OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '-1' }, 'logs', 700],
      [{ OTEL_EXPORTER_OTLP_TIMEOUT: 'soon', OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '10s' }, 'logs', 10_000],
      [{ OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '0' }, 'logs', 0],
      [{ OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '' }, 'logs', 10_000],
    ])('%j for %s: %p ms', async (env, signal, timeoutMillis) => {
      expect((await resolveOtlpConnection(http, signal, env)).timeoutMillis).toBe(timeoutMillis);
    });
  });

  describe('compression', () => {
    it.each<[OtelExporter, Env, 'gzip' | 'none']>([
      [http, {}, 'none'],
      [http, { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }, 'gzip'],
      [http, { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip', OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: 'none' }, 'none'],
      [{ ...http, compression: 'none' }, { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }, 'none'],
      [http, { OTEL_EXPORTER_OTLP_COMPRESSION: 'brotli' }, 'none'],
    ])('%j with %j: %s', async (exporter, env, compression) => {
      expect((await resolveOtlpConnection(exporter, 'logs', env)).compression).toBe(compression);
    });
  });

  describe('headers', () => {
    const headersOf = async (exporter: OtelExporter, env: Env = {}) => ({
      ...(await (await resolveOtlpConnection(exporter, 'logs', env)).headers()),
    });

    it('come from the settings, their names in lower case', async () => {
      expect(await headersOf({ ...http, headers: { 'X-Key': ' v ' } })).toEqual({ 'x-key': 'v' });
    });

    it('are filled from the environment, by name', async () => {
      const env = {
        OTEL_EXPORTER_OTLP_HEADERS: 'a=general,b=general,X-Key=general',
        OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'b=own%20one',
        OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'a=other',
      };
      expect(await headersOf({ ...http, headers: { 'x-key': 'file' } }, env)).toEqual({
        a: 'general',
        b: 'own one',
        'x-key': 'file',
      });
    });

    it('of the environment are ignored as a whole if one is malformed', async () => {
      expect(await headersOf(http, { OTEL_EXPORTER_OTLP_HEADERS: 'a=b,Bearer secret' })).toEqual({});
      expect(messages).toEqual([
        "warn: codex-otel/config: OTEL_EXPORTER_OTLP_HEADERS: ignored, its entry number 2 is not of the form 'name=percent-encoded value'",
      ]);
    });

    it('are read when they are needed', async () => {
      const connection = await resolveOtlpConnection(http, 'logs', { OTEL_EXPORTER_OTLP_HEADERS: 'bad' });
      expect(messages).toEqual([]);
      await connection.headers();
      expect(messages).toHaveLength(1);
    });

    it('are sent without the white space around their values', async () => {
      expect(await headersOf({ ...http, headers: { a: ' token\r\n' } })).toEqual({ a: 'token' });
      expect(messages).toEqual([]);
    });

    it.each([
      ['a line break', { good: 'v', bad: 'a\r\nx-injected: b' }],
      ['a NUL', { good: 'v', bad: 'a\0b' }],
      ['a letter beyond Latin-1', { good: 'v', bad: '—' }],
      ['too much text', { good: 'v', bad: 'x'.repeat(20_000) }],
      ['a name with a space', { good: 'v', 'not a name': 'a' }],
      ['a name with a line break', { good: 'v', 'a\r\nb': 'c' }],
      ['no name', { good: 'v', '': 'a' }],
      ['a name of the transport', { good: 'v', 'Content-Length': '5' }],
      ...['connection', 'expect', 'keep-alive', 'TE', 'trailer', 'transfer-encoding', 'upgrade'].map(
        (name): [string, Record<string, string>] => [`the transport's ${name}`, { good: 'v', [name]: 'x' }],
      ),
    ])('with %s are skipped, and the others are sent', async (_name, headers) => {
      expect(await headersOf({ ...http, headers })).toEqual({ good: 'v' });
      expect(messages).toHaveLength(1);
      expect(messages[0]).toMatch(/^warn: .*the header '.*' is not sent: /);
      expect(messages[0]).not.toContain('injected');
    });

    it.each([
      ['a binary name', { good: 'v', 'a-bin': 'x' }],
      ['a reserved name', { good: 'v', 'grpc-timeout': '1S' }],
      ['a value beyond ASCII', { good: 'v', bad: 'é' }],
    ])('of gRPC with %s are skipped', async (_name, headers) => {
      expect(await headersOf({ ...grpc, headers })).toEqual({ good: 'v' });
      expect(messages).toHaveLength(1);
    });

    it('from a function are asked before each export, and checked', async () => {
      let asked = 0;
      const exporter: OtelExporter = {
        ...http,
        headers: async () => {
          asked += 1;
          return { Authorization: `Bearer ${asked}`, bad: 'a\nb' };
        },
      };
      const connection = await resolveOtlpConnection(exporter, 'logs', {
        OTEL_EXPORTER_OTLP_HEADERS: 'a=b,authorization=no',
      });
      expect(asked).toBe(0);
      expect({ ...(await connection.headers()) }).toEqual({ a: 'b', authorization: 'Bearer 1' });
      expect({ ...(await connection.headers()) }).toEqual({ a: 'b', authorization: 'Bearer 2' });
    });

    it('are missing if the function fails', async () => {
      const exporter: OtelExporter = { ...http, headers: () => Promise.reject(new Error('no token')) };
      const connection = await resolveOtlpConnection(exporter, 'logs', {});
      await expect(connection.headers()).rejects.toThrow('no token');
      expect(headersHelperOf(connection.headers)).toBeUndefined();
    });

    it('include the credentials of an endpoint, unless they have their own', async () => {
      const endpoint = 'https://me:pass@c.example';
      const authorization = `Basic ${Buffer.from('me:pass').toString('base64')}`;
      expect(await headersOf({ ...http, endpoint })).toEqual({ authorization });
      expect(await headersOf({ ...http, endpoint, headers: { Authorization: 'x' } })).toEqual({ authorization: 'x' });
    });
  });

  describe('statsig', () => {
    const env = {
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=mine',
      OTEL_EXPORTER_OTLP_TIMEOUT: '700',
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/ca.pem',
    };

    it('uses its own endpoint and header, and only the time-out of the environment', async () => {
      const connection = await resolveOtlpConnection({ kind: 'statsig', apiKey: 'client-key' }, 'metrics', env);
      expect(connection).toMatchObject({
        protocol: 'http/json',
        url: 'https://ab.chatgpt.com/otlp/v1/metrics',
        timeoutMillis: 700,
        compression: 'none',
      });
      expect(connection.tls).toBeUndefined();
      expect({ ...(await connection.headers()) }).toEqual({ 'statsig-api-key': 'client-key' });
    });

    it('ignores the endpoint and headers of the environment even if it was resolved before', async () => {
      const resolved = resolveExporter({ kind: 'statsig', apiKey: 'client-key', endpoint: 'https://s.example' }, {});
      const connection = await resolveOtlpConnection({ ...resolved }, 'metrics', env);
      expect(connection.url).toBe('https://s.example/v1/metrics');
      expect({ ...(await connection.headers()) }).toEqual({ 'statsig-api-key': 'client-key' });
    });

    it('has no connection without a key', async () => {
      await expect(resolveOtlpConnection({ kind: 'statsig' }, 'metrics', {})).rejects.toMatchObject({
        path: 'otel.metrics_exporter',
      });
    });
  });
});

describe('resolveExporter', () => {
  const warned = Symbol.for('@codex-otel/config/v1/statsig-warned');

  it.each<OtelExporter>([{ kind: 'none' }, { kind: 'console' }, http, grpc])('leaves %j as it is', (exporter) => {
    expect(resolveExporter(exporter, {})).toBe(exporter);
  });

  it('makes HTTP with JSON of statsig, with the key of the settings before that of the environment', () => {
    const env = { CODEX_OTEL_STATSIG_API_KEY: 'env-key' };
    const statsig = (apiKey: string): OtelExporter => ({
      kind: 'otlp-http',
      endpoint: 'https://ab.chatgpt.com/otlp/v1/metrics',
      headers: { 'statsig-api-key': apiKey },
      protocol: 'json',
    });
    expect(resolveExporter({ kind: 'statsig' }, env)).toEqual(statsig('env-key'));
    expect(resolveExporter({ kind: 'statsig', apiKey: 'own-key' }, env)).toEqual(statsig('own-key'));
  });

  it('resolves statsig without a key to none, and reports that once', () => {
    Reflect.deleteProperty(globalThis, warned);
    expect(resolveExporter({ kind: 'statsig' }, { STATSIG_API_KEY: 'of-somebody-else' })).toEqual({ kind: 'none' });
    expect(resolveExporter({ kind: 'statsig' }, {})).toEqual({ kind: 'none' });
    expect(messages).toEqual([
      "warn: codex-otel/config: the exporter 'statsig' needs a key, in its 'api_key' or in CODEX_OTEL_STATSIG_API_KEY; nothing is sent to it",
    ]);
  });
});
