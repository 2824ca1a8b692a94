import { inspect } from 'node:util';
import { isOtelConfigError, parseOtelConfig, resolveOtlpConnection } from '@codex-otel/config';
import { createMetricsClient, quietMetricsSink } from '@codex-otel/metrics';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { createOtelProvider } from '@codex-otel/provider';
import { SessionTelemetry } from '@codex-otel/session-telemetry';
import {
  childProcessEnv,
  createW3cTraceContext,
  extractW3cTraceHeaders,
  formatTraceparent,
  injectSpanW3cTraceHeaders,
  isTracestateError,
  setTracestateEntries,
  traceContextToEnv,
} from '@codex-otel/trace-context';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DiagLogLevel, diag, trace } from '@opentelemetry/api';
import fc from 'fast-check';
import { SECRET } from './wild-values.ts';

const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
const headerText = /^[\t -~]*$/;
const service = { codexHome: '/nowhere', env: {}, serviceName: 's', serviceVersion: '1' };
/** Any text, often with separator characters. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.stringMatching(/^[a-c0=,;:@ \r\n\0\t-]{0,40}$/),
);

/** The message of a report, with all its arguments. */
const messages: string[] = [];
const handed: string[] = [];

beforeEach(() => {
  const note = (message: string, ...more: readonly unknown[]): void => {
    messages.push(message);
    handed.push(inspect(more, { depth: null }));
  };
  const logger = { error: note, warn: note, info: note, debug: note, verbose: note };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
});

afterEach(() => {
  diag.disable();
  setTracestateEntries({});
  // A report about a hostile name stays on one line.
  expect(messages.filter((message) => /[\p{Cc}\p{Zl}\p{Zp}]/u.test(message))).toEqual([]);
  expect([...messages, ...handed].filter((text) => text.includes(SECRET))).toEqual([]);
  messages.length = 0;
  handed.length = 0;
});

describe('headers', () => {
  it('take only valid values from a span', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (state, traceId, name) => {
        const traceState = {
          w3c: state,
          serialize: () => state,
          get: () => state,
          set: () => traceState,
          unset: () => traceState,
        };
        for (const spanContext of [
          { ...ids, traceState },
          { ...ids, traceId },
          { ...ids, spanId: traceId },
        ]) {
          const span = trace.wrapSpanContext(spanContext);
          const headers: Record<string, string> = { [name]: 'own', TRACEPARENT: 'old' };
          injectSpanW3cTraceHeaders(span, headers);
          const env = { ...traceContextToEnv(span), ...childProcessEnv({}, span) };
          const { traceparent = '', tracestate = '' } = headers;
          const written = [traceparent, tracestate, ...Object.values(env)];
          for (const value of written) expect(value).toMatch(headerText);
          expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
        }
        expect(formatTraceparent({ ...ids, traceId })).toMatch(/^$|^00-[\da-f]{32}-[\da-f]{16}-0[0-3]$/);
      }),
      { numRuns: 500 },
    );
  });

  it('take only valid values from a peer', () => {
    fc.assert(
      fc.property(anyText, anyText, (first, second) => {
        const traceparent = formatTraceparent(ids);
        const carried = createW3cTraceContext({ traceparent, tracestate: first });
        const read = extractW3cTraceHeaders(
          [
            ['traceparent', traceparent],
            ['tracestate', first],
            ['TraceState', second],
          ].flat(),
        );
        for (const value of [...Object.values(carried), ...Object.values(read ?? {})])
          expect(value).toMatch(headerText);
      }),
      { numRuns: 500 },
    );
  });

  it('take only valid values from the configuration', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (member, field, value) => {
        try {
          setTracestateEntries({ [member]: { [field]: value } });
        } catch (error) {
          if (!isTracestateError(error)) throw error;
        }
        const headers: Record<string, string> = {};
        injectSpanW3cTraceHeaders(trace.wrapSpanContext(ids), headers);
        expect(headers.tracestate ?? '').toMatch(headerText);
        if (headers.tracestate !== undefined)
          expect(extractW3cTraceHeaders(headers)?.tracestate).toBe(headers.tracestate);
      }),
      { numRuns: 1000 },
    );
  });

  it('of an export are sent as they are or refused', async () => {
    const collector = await startOtlpCollector({ grpc: false });
    const names = ['x-key', 'x-k\r\nx-injected', '__proto__', 'constructor', ':authority', '', 'a b'];
    const values = [SECRET, `${SECRET}\r\nx-injected: 1`, `${SECRET}\0`, `${SECRET}\n`, '\ud800', 'ä'];
    for (const name of names) {
      for (const value of values) {
        const given = JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`);
        for (const headers of [given, async () => given]) {
          const exporter = { kind: 'otlp-http', endpoint: collector.httpUrl, protocol: 'json', headers } as const;
          try {
            const sent = await (await resolveOtlpConnection(exporter, 'logs', {})).headers();
            for (const [key, text] of Object.entries(sent)) expect(`${key}: ${text}`).not.toMatch(/[\r\n\0]/);
            expect(inspect(sent)).not.toContain(SECRET);
          } catch (error) {
            expect(isOtelConfigError(error)).toBe(true);
            expect(inspect(error)).not.toContain(SECRET);
          }
          const off = { kind: 'none' } as const;
          const settings = { ...service, environment: 'e', exporter, traceExporter: off, metricsExporter: off };
          const provider = await createOtelProvider(settings, {
            env: {},
            registerGlobals: false,
            handoverOnExit: false,
          }).catch(() => undefined);
          provider?.logger.emit({ body: 'x' });
          await provider
            ?.shutdown({ timeoutMillis: 1000 })
            .catch((error) => expect(inspect(error)).not.toContain(SECRET));
        }
      }
    }
    const received = collector.requests().flatMap(({ headers }) => Object.keys(headers));
    expect(received).not.toContain('x-injected');
    await collector.close();
  });
});

describe('secrets', () => {
  it.each([
    [
      'a header',
      `exporter = { otlp-http = { endpoint = "http://x", protocol = "json", headers = { a = "${SECRET}" } } }`,
    ],
    [
      'a header of a wrong exporter',
      `exporter = { otlp-http = { endpoint = "x", protocol = "y", headers = { "a b" = "${SECRET}" } } }`,
    ],
    [
      'a header that is a list',
      `exporter = { otlp-http = { endpoint = "http://x", protocol = "json", headers = { a = ["${SECRET}"] } } }`,
    ],
    [
      'a header with a line end',
      `exporter = { otlp-http = { endpoint = "http://x", protocol = "json", headers = { a = "${SECRET}\\r\\nb" } } }`,
    ],
    ['an endpoint', `exporter = { otlp-http = { endpoint = "http://u:${SECRET}@x", protocol = "json" } }`],
    ['an invalid endpoint', `exporter = { otlp-http = { endpoint = "ftp://u:${SECRET}@x", protocol = "json" } }`],
    ['a key of the shorthand', `metrics_exporter = { statsig = { api_key = "${SECRET}" } }`],
    [
      'a command',
      `exporter = { otlp-http = { endpoint = "http://x", protocol = "json", headers_helper = ["/nowhere", "${SECRET}"] } }`,
    ],
    ['TOML that breaks off', `exporter = { otlp-http = { headers = { a = "${SECRET}`],
    ['a protocol', `exporter = { otlp-http = { endpoint = "http://x", protocol = { a = "${SECRET}" } } }`],
  ])('in %s are not reported', async (_what, toml) => {
    const told: unknown[] = [];
    try {
      const settings = await parseOtelConfig(`[otel]\n${toml}`, service);
      told.push(settings);
      const connection = await resolveOtlpConnection(settings.exporter, 'logs', {});
      told.push(connection, await connection.headers());
    } catch (error) {
      told.push(error);
    }
    for (const thing of told) expect(inspect(thing, { depth: null, showHidden: true })).not.toContain(SECRET);
  });
});

describe('diagnostics', () => {
  it('have no line breaks from input', async () => {
    const forged = 'a\nforged\r\u2028line\u0085';
    const client = await createMetricsClient({
      environment: 'e',
      serviceName: 's',
      serviceVersion: '1',
      exporter: { kind: 'otlp-http', endpoint: 'http://127.0.0.1:9', protocol: 'json' },
    });
    const quiet = quietMetricsSink(client);
    quiet.counter(forged, 1);
    quiet.counter('a', 1, { [forged]: forged });
    expect(() => client.counter(forged, 1)).toThrow(/^[^\n\r\u2028\u0085]*$/);
    const session = new SessionTelemetry({ ...sessionMetadata }, { metrics: client });
    session.counter(forged, 1);
    session.startTimer(forged).record();
    await client.shutdown({ timeoutMillis: 200 }).catch(() => undefined);
    await parseOtelConfig({ otel: { [forged]: forged } }, { ...service, env: { OTEL_EXPORTER_OTLP_TIMEOUT: forged } });
    const exporter = { kind: 'otlp-http', endpoint: 'http://127.0.0.1:9', protocol: 'json' } as const;
    await resolveOtlpConnection(exporter, 'logs', {
      OTEL_EXPORTER_OTLP_TIMEOUT: forged,
      OTEL_EXPORTER_OTLP_HEADERS: forged,
    });
    const settings = { ...service, environment: 'e', exporter, traceExporter: exporter, metricsExporter: exporter };
    const provider = await createOtelProvider(settings, { env: {}, registerGlobals: false, handoverOnExit: false });
    const span = provider?.tracer.startSpan(forged);
    span?.setAttribute(forged, Reflect.get({ unknown: Symbol('x') }, 'unknown'));
    span?.end();
    span?.setAttribute('late', 1);
    provider?.loggerFor('codex_otel').emit({ attributes: { [forged]: new WeakMap() as never } }); // no attribute, as JavaScript lets pass
    await provider?.shutdown({ timeoutMillis: 200 }).catch(() => undefined);
    expect(messages.join()).toContain('forged');
  });
});

const sessionMetadata = {
  conversationId: 'c',
  model: 'm',
  slug: 's',
  originator: 'o',
  terminalType: 't',
  sessionSource: 'cli',
  appVersion: '1',
};
