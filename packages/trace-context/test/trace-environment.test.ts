import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { context, createTraceState, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { childProcessEnv, traceContextToEnv, traceparentContextFromEnv } from '../src/index.ts';
import { diagWarnings } from './diag-warnings.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${traceId}-b7ad6b7169203331-03`;
const spanContext = { traceId, spanId: 'b7ad6b7169203331', traceFlags: 3 };
const span = trace.wrapSpanContext(spanContext);
const spanWithState = trace.wrapSpanContext({ ...spanContext, traceState: createTraceState('a=1') });

const warnings = diagWarnings();
const ownState = Symbol.for('codex-otel.trace.v1');

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => {
  context.disable();
  delete process.env.TRACEPARENT;
  Reflect.deleteProperty(globalThis, ownState);
});

describe('traceparentContextFromEnv', () => {
  it('reads both variables', () => {
    const remote = traceparentContextFromEnv({ TRACEPARENT, TRACESTATE: 'a=1' });
    const read = remote && trace.getSpanContext(remote);
    expect(read).toMatchObject({ ...spanContext, isRemote: true });
    expect(read?.traceState?.serialize()).toBe('a=1');
  });

  it.each([{}, { TRACESTATE: 'a=1' }, { TRACEPARENT: '' }])('returns undefined for %j', (env) => {
    expect(traceparentContextFromEnv(env)).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it('reports a value that is not valid, without the value', () => {
    expect(traceparentContextFromEnv({ TRACEPARENT: 'secret' })).toBeUndefined();
    expect(warnings).toEqual(['codex-otel/trace-context: invalid TRACEPARENT']);
  });

  it("reads the process's own environment once", () => {
    process.env.TRACEPARENT = TRACEPARENT;
    expect(traceparentContextFromEnv()).toBeDefined();
    process.env.TRACEPARENT = 'bad';
    expect(traceparentContextFromEnv()).toBeDefined();
    expect(warnings).toEqual([]);
  });

  it('reads it once even if it is empty, and warns once', () => {
    process.env.TRACEPARENT = 'bad';
    expect(traceparentContextFromEnv()).toBeUndefined();
    process.env.TRACEPARENT = TRACEPARENT;
    expect(traceparentContextFromEnv()).toBeUndefined();
    expect(warnings).toHaveLength(1);
  });

  it('reads a given environment each time, and caches nothing of it', () => {
    const other = TRACEPARENT.replace('-03', '-00');
    const flags = (env?: Readonly<Record<string, string>>) => {
      const remote = traceparentContextFromEnv(env);
      return remote && trace.getSpanContext(remote)?.traceFlags;
    };
    expect([flags({ TRACEPARENT }), flags({ TRACEPARENT: other }), flags({}), flags()]).toEqual([
      3,
      0,
      undefined,
      undefined,
    ]);
    expect(flags({ TRACEPARENT })).toBe(3);
  });

  it.each([undefined, {}])('returns undefined if the process is %j, as in browsers', (process) => {
    const own = Object.getOwnPropertyDescriptor(globalThis, 'process');
    Object.defineProperty(globalThis, 'process', { value: process, configurable: true });
    try {
      expect(traceparentContextFromEnv()).toBeUndefined();
    } finally {
      if (own) Object.defineProperty(globalThis, 'process', own);
    }
  });
});

describe('traceContextToEnv', () => {
  it('has the variables of the span, the random flag among them', () => {
    expect(traceContextToEnv(spanWithState)).toEqual({ TRACEPARENT, TRACESTATE: 'a=1' });
    expect(traceContextToEnv(span)).toStrictEqual({ TRACEPARENT });
  });

  it('takes the active span by default, and has nothing without one', () => {
    expect(traceContextToEnv()).toStrictEqual({});
    expect(context.with(trace.setSpan(ROOT_CONTEXT, span), () => traceContextToEnv())).toEqual({ TRACEPARENT });
  });
});

describe('childProcessEnv', () => {
  const env = {
    PATH: '/bin',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret',
    OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: '/key.pem',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_VENDOR_HEADERS: 'authorization=secret',
    OTEL_CONFIG_FILE: '/etc/otel.yaml',
    OTEL_EXPERIMENTAL_CONFIG_FILE: '/etc/otel.yaml',
    OTEL_SDK_DISABLED: 'true',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
    TRACEPARENT: 'stale',
    TRACESTATE: 'stale=1',
  };
  const kept = {
    PATH: '/bin',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_SDK_DISABLED: 'true',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
  };

  it('puts the trace context in and keeps the export settings out', () => {
    const before = { ...env };
    expect(childProcessEnv(env, spanWithState)).toEqual({ ...kept, TRACEPARENT, TRACESTATE: 'a=1' });
    expect(childProcessEnv(env, span)).toEqual({ ...kept, TRACEPARENT });
    expect(env).toEqual(before);
  });

  it('knows the variables in any letter case, and leaves those of others', () => {
    expect(childProcessEnv({ otel_exporter_otlp_headers: 'secret', Otel_Traces_Exporter: 'otlp' })).toEqual({});
    const others = { MY_OTEL_EXPORTER_OTLP_HEADERS: 'x', NOTEL_FILE: 'x', EXPORTER: 'x' };
    expect(childProcessEnv(others)).toEqual(others);
    expect(childProcessEnv({ Traceparent: 'stale', tracestate: 'stale=1' }, span)).toEqual({ TRACEPARENT });
  });

  it('keeps the trace context of the environment without a span', () => {
    expect(childProcessEnv({ TRACEPARENT, TRACESTATE: 'a=1' })).toEqual({ TRACEPARENT, TRACESTATE: 'a=1' });
  });
});
