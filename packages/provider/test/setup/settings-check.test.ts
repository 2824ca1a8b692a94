import type { OtelConfigProblem, OtelSettings } from '@codex-otel/config';
import { isOtelConfigError } from '@codex-otel/config';
import { afterEach, describe, expect, it } from '@jest/globals';
import { context, diag, logs, metrics, propagation, trace } from '@opentelemetry/api';
import { createOtelProvider } from '../../src/index.ts';
import { codexNodeSdkConfiguration } from '../../src/node-sdk.ts';
import { captureDiag } from '../diag-lines.ts';
import { testSettings } from '../test-settings.ts';

afterEach(() => {
  for (const api of [trace, logs, metrics, context, propagation, diag]) api.disable();
});

const http = { kind: 'otlp-http', endpoint: 'http://127.0.0.1:9', protocol: 'binary' } as const;
const secret = 'Bearer very-secret';

/** Settings as written without a type checker. */
function byHand(changes: Readonly<Record<string, unknown>>): OtelSettings {
  return { ...testSettings({ traceExporter: http }), ...changes } as unknown as OtelSettings;
}

async function problemsOf(settings: unknown): Promise<readonly OtelConfigProblem[]> {
  const error = await createOtelProvider(settings as OtelSettings, { env: {} }).catch((caught: unknown) => caught);
  if (!isOtelConfigError(error)) throw new Error(`not an OtelConfigError: ${String(error)}`);
  expect(error.code).toBe('INVALID_OTEL_CONFIG');
  expect(error.message).not.toContain('very-secret');
  return error.problems;
}

const kinds = "'none', 'console', 'statsig', 'otlp-http' or 'otlp-grpc'";

describe('createOtelProvider with settings of the wrong shape', () => {
  it.each<[string, unknown, string, string]>([
    ['no settings', undefined, 'settings', 'missing, expected an object, as parseOtelConfig gives'],
    [
      'a string in place of the settings',
      'otel',
      'settings',
      'found a string, expected an object, as parseOtelConfig gives',
    ],
    [
      'no exporter',
      byHand({ metricsExporter: undefined }),
      'otel.metrics_exporter',
      `metricsExporter: missing, expected an object whose kind is ${kinds}`,
    ],
    [
      'the text from the file in place of an exporter',
      byHand({ exporter: 'none' }),
      'otel.exporter',
      `exporter: found a string, expected an object whose kind is ${kinds}`,
    ],
    [
      'an unknown kind',
      byHand({ exporter: { kind: 'otlp' } }),
      'otel.exporter.kind',
      `found 'otlp', expected ${kinds}`,
    ],
    [
      'a kind that could be anything',
      byHand({ exporter: { kind: secret } }),
      'otel.exporter.kind',
      `found a string, expected ${kinds}`,
    ],
    [
      'no endpoint',
      byHand({ exporter: { ...http, endpoint: undefined } }),
      'otel.exporter.otlp-http.endpoint',
      'missing, expected a URL that starts with http:// or https://',
    ],
    [
      'a URL object for an endpoint',
      byHand({ exporter: { kind: 'otlp-grpc', endpoint: new URL('http://a') } }),
      'otel.exporter.otlp-grpc.endpoint',
      'found an object, expected a URL that starts with http:// or https://',
    ],
    [
      'no protocol',
      byHand({ exporter: { ...http, protocol: undefined } }),
      'otel.exporter.otlp-http.protocol',
      "missing, expected 'binary' or 'json'",
    ],
    [
      'an unknown compression',
      byHand({ exporter: { ...http, compression: 'br' } }),
      'otel.exporter.otlp-http.compression',
      "found 'br', expected 'gzip' or 'none'",
    ],
    [
      'a header that is not a string',
      byHand({ exporter: { ...http, headers: { authorization: [secret] } } }),
      'otel.exporter.otlp-http.headers.authorization',
      'found a list, expected a string',
    ],
    [
      'a header that is not set',
      byHand({ exporter: { ...http, headers: { 'x key\n': undefined } } }),
      'otel.exporter.otlp-http.headers."x key\\n"',
      'missing, expected a string',
    ],
    [
      'headers in a Map',
      byHand({ exporter: { ...http, headers: new Map([['authorization', secret]]) } }),
      'otel.exporter.otlp-http.headers',
      'found an object of another kind, expected an object of strings, or a function that gives one',
    ],
    [
      'headers that are a string',
      byHand({ exporter: { ...http, headers: secret } }),
      'otel.exporter.otlp-http.headers',
      'found a string, expected an object of strings, or a function that gives one',
    ],
    [
      'a certificate in place of its path',
      byHand({ exporter: { ...http, tls: { caCertificate: Buffer.from(secret) } } }),
      'otel.exporter.otlp-http.tls.ca-certificate',
      'found an object of another kind, expected a string',
    ],
    [
      'a client certificate that is not a path',
      byHand({ exporter: { ...http, tls: { clientCertificate: 5 } } }),
      'otel.exporter.otlp-http.tls.client-certificate',
      'found a number, expected a string',
    ],
    [
      'a client key that is not a path',
      byHand({ exporter: { ...http, tls: { clientPrivateKey: [] } } }),
      'otel.exporter.otlp-http.tls.client-private-key',
      'found a list, expected a string',
    ],
    [
      'no TLS',
      byHand({ exporter: { ...http, tls: null } }),
      'otel.exporter.otlp-http.tls',
      'found null, expected an object',
    ],
    [
      'a key that is not a string',
      byHand({ metricsExporter: { kind: 'statsig', apiKey: 7 } }),
      'otel.metrics_exporter.statsig.api_key',
      'found a number, expected a string',
    ],
    ['no service', byHand({ serviceName: undefined }), 'serviceName', 'missing, expected a string'],
    ['no version', byHand({ serviceVersion: 1 }), 'serviceVersion', 'found a number, expected a string'],
    ['no environment', byHand({ environment: null }), 'otel.environment', 'found null, expected a string'],
    ['no place for the spool', byHand({ spool: {}, codexHome: undefined }), 'codexHome', 'missing, expected a string'],
    ['a spool of the wrong kind', byHand({ spool: true }), 'otel.spool', 'found a boolean, expected an object'],
    [
      'span attributes of the wrong kind',
      byHand({ spanAttributes: null }),
      'otel.span_attributes',
      'found null, expected an object',
    ],
    [
      'an unknown sampler',
      byHand({ sampler: { kind: 'parent-based', root: { kind: 'sometimes' } } }),
      'sampler.root.kind',
      "found 'sometimes', expected 'always-on', 'always-off' or 'trace-id-ratio'",
    ],
  ])('names the key and what is allowed: %s', async (_case, settings, path, message) => {
    expect(await problemsOf(settings)).toEqual([{ path, message }]);
  });

  it('reports all problems at once', async () => {
    const problems = await problemsOf({});
    expect(problems.map(({ path }) => path)).toEqual([
      'otel.exporter',
      'otel.trace_exporter',
      'otel.metrics_exporter',
      'otel.environment',
      'serviceName',
      'serviceVersion',
    ]);
  });

  it('changes nothing in the process', async () => {
    await problemsOf(byHand({ exporter: { kind: 'otlp' } }));
    expect(trace.setGlobalTracerProvider(trace.getTracerProvider())).toBe(true);
  });

  it('returns undefined if every exporter is none, even if other settings are missing', async () => {
    const none = { kind: 'none' };
    const settings = { exporter: none, traceExporter: none, metricsExporter: none } as unknown as OtelSettings;
    await expect(createOtelProvider(settings, { env: {} })).resolves.toBeUndefined();
    await expect(createOtelProvider(settings, { env: { CODEX_OTEL_DEBUG: '1' } })).resolves.toBeUndefined();
  });

  it('is refused by codexNodeSdkConfiguration in the same way', async () => {
    const refused = codexNodeSdkConfiguration(byHand({ exporter: { kind: 'otlp' } }), { env: {} });
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_OTEL_CONFIG', path: 'otel.exporter.kind' });
  });
});

describe('OTEL_SDK_DISABLED', () => {
  it.each(['true', ' TRUE '])('set to %j turns off settings that were written by hand', async (value) => {
    const env = { OTEL_SDK_DISABLED: value };
    await expect(createOtelProvider(byHand({}), { env })).resolves.toBeUndefined();
    expect(trace.setGlobalTracerProvider(trace.getTracerProvider())).toBe(true);
    expect(await codexNodeSdkConfiguration(byHand({}), { env })).toMatchObject({
      spanProcessors: [],
      logRecordProcessors: [],
      metricReaders: [],
    });
  });

  it('is reported in the debug output', async () => {
    const lines = captureDiag();
    const env = { OTEL_SDK_DISABLED: 'true', CODEX_OTEL_DEBUG: '1' };
    await expect(createOtelProvider(byHand({}), { env })).resolves.toBeUndefined();
    expect(lines.map(({ text }) => text)).toContain(
      'codex-otel/provider: nothing is sent: OTEL_SDK_DISABLED turns everything off',
    );
  });

  it('set to anything else changes nothing', async () => {
    const env = { OTEL_SDK_DISABLED: 'false' };
    const provider = await createOtelProvider(byHand({}), { env, handoverOnExit: false });
    expect(provider).toBeDefined();
    await provider?.shutdown();
  });
});
