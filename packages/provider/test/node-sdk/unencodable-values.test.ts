import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyValue, Span } from '@opentelemetry/api';
import { diag } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { codexNodeSdkConfiguration } from '../../src/node-sdk.ts';
import { captureDiag } from '../diag-lines.ts';
import { settingsFor } from '../test-settings.ts';

let collector: OtlpCollector;
beforeEach(async () => {
  collector = await startOtlpCollector({ grpc: false });
});
afterEach(async () => {
  diag.disable();
  await collector.close();
});

const protocols = ['binary', 'json'] as const;

/** Values that cannot be encoded; each is created anew when it is used. */
const values: Readonly<Record<string, () => unknown>> = {
  'a BigInt': () => 1n,
  'a symbol': () => Symbol('x'),
  'a function': () => () => 1,
  'a circle': () => {
    const circle: Record<string, unknown> = { name: 'circle' };
    circle.self = circle;
    return circle;
  },
  'a getter that throws': () => ({
    get broken() {
      throw new Error('no');
    },
  }),
  'a proxy that throws': () =>
    new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('no');
        },
      },
    ),
  'a depth beyond the stack': () => {
    let deep: Record<string, unknown> = {};
    for (let depth = 0; depth < 20_000; depth += 1) deep = { deep };
    return deep;
  },
  'an invalid date': () => new Date(Number.NaN),
};

/** Every value over both encodings of OTLP/HTTP. */
const cases = protocols.flatMap((protocol) => Object.keys(values).map((name) => [name, protocol] as const));

function configured(protocol: 'binary' | 'json'): Promise<Partial<NodeSDKConfiguration>> {
  return codexNodeSdkConfiguration(settingsFor(collector, protocol), { env: {}, hostName: 'host-1' });
}

/** If the SDK refuses a host's own call, we cannot change that. */
function attempt(call: () => void): void {
  try {
    call();
  } catch {
    // It threw in the SDK, before our code ran.
  }
}

/** Ends a provider when its collector has seen a request, which a busy machine cannot promise within a shutdown. */
async function sent(provider: { forceFlush(): Promise<void>; shutdown(): Promise<void> }): Promise<void> {
  while (collector.requests().length === 0) await provider.forceFlush().catch(() => {});
  await provider.shutdown();
}

describe('OutletLogRecordProcessor', () => {
  it.each(cases)('loses no neighbour of a record with %s, over %s', async (name, protocol) => {
    const { logRecordProcessors = [] } = await configured(protocol);
    const provider = new LoggerProvider({ processors: logRecordProcessors });
    const logger = provider.getLogger('codex_otel.log_only');
    const value = () => values[name]?.() as never;
    logger.emit({ eventName: 'before' });
    logger.emit({ eventName: 'body', body: value(), attributes: { kept: 1 } });
    logger.emit({ eventName: 'attribute-free', severityNumber: value(), severityText: value() });
    attempt(() => logger.emit({ eventName: 'attribute', attributes: { kept: 1, left: value() } }));
    attempt(() => logger.emit({ eventName: value(), timestamp: value() }));
    logger.emit({ eventName: 'after' });
    await sent(provider);
    const seen = collector.logRecords();
    expect(seen.map(({ eventName }) => eventName)).toEqual(
      expect.arrayContaining(['before', 'body', 'attribute-free', 'after']),
    );
    expect(seen.find(({ eventName }) => eventName === 'body')).toMatchObject({ attributes: { kept: 1 } });
  });

  it('keeps a body as it was when it was logged', async () => {
    const { logRecordProcessors = [] } = await configured('binary');
    const provider = new LoggerProvider({ processors: logRecordProcessors });
    const body: Record<string, AnyValue> = { text: 'a', list: [1, 'b'], bytes: new Uint8Array([1]) };
    provider.getLogger('codex_otel.log_only').emit({ body });
    body.self = body;
    await sent(provider);
    expect(collector.logRecords()).toMatchObject([{ body: { text: 'a', list: [1, 'b'] } }]);
  });

  it('counts a record that cannot be read, and says so', async () => {
    const lines = captureDiag();
    const { logRecordProcessors = [] } = await configured('binary');
    const [processor] = logRecordProcessors;
    const unreadable = {
      instrumentationScope: { name: 'codex_otel.log_only' },
      get hrTime() {
        throw new TypeError('secret');
      },
    };
    expect(() => processor?.onEmit(unreadable as never)).not.toThrow();
    expect(lines.filter(({ level }) => level === 'warn').map(({ text }) => text)).toEqual([
      expect.stringContaining('dropping: an item could not be read (TypeError)'),
    ]);
    await processor?.shutdown();
  });
});

describe('OutletSpanProcessor', () => {
  it.each(cases)('loses no neighbour of a span with %s, over %s', async (name, protocol) => {
    const { spanProcessors = [] } = await configured(protocol);
    const provider = new TracerProvider({ spanProcessors });
    const tracer = provider.getTracer('host');
    const value = () => values[name]?.() as never;
    const change = (spanName: string, call: (span: Span) => void) => {
      const span = tracer.startSpan(spanName);
      attempt(() => call(span));
      span.end();
    };
    tracer.startSpan('before').end();
    change('renamed', (span) => span.updateName(value()));
    change('attribute', (span) => span.setAttributes({ kept: 1, left: value() }));
    change('status', (span) => span.setStatus({ code: value(), message: value() }));
    change('link', (span) => span.addLink({ context: value() }));
    change('event', (span) => span.addEvent(value(), { target: 'codex_otel.trace_safe' }));
    attempt(() => tracer.startSpan('kind', { kind: value() }).end());
    attempt(() => tracer.startSpan('started', { startTime: value() }).end());
    attempt(() => tracer.startSpan('ended').end(value()));
    tracer.startSpan('after').end();
    await sent(provider);
    const names = collector.spans().map((span) => span.name);
    expect(names).toEqual(
      expect.arrayContaining(['before', '', 'attribute', 'status', 'link', 'event', 'kind', 'after']),
    );
    expect(collector.spans().find((span) => span.name === 'attribute')).toMatchObject({ attributes: { kept: 1 } });
  });

  it('counts invalid links among the dropped ones, and keeps the others', async () => {
    const { spanProcessors = [] } = await configured('binary');
    const provider = new TracerProvider({ spanProcessors });
    const tracer = provider.getTracer('host');
    const other = tracer.startSpan('other');
    const span = tracer.startSpan('linked', { links: [{ context: other.spanContext() }] });
    span.addLink({ context: undefined as never });
    span.end();
    await sent(provider);
    expect(collector.spans()).toMatchObject([
      { links: [{ spanId: other.spanContext().spanId }], droppedLinksCount: 1 },
    ]);
  });
});

describe('HostMetricExporter', () => {
  it.each(cases)('loses no neighbour of a metric with %s, over %s', async (name, protocol) => {
    const { metricReaders = [] } = await configured(protocol);
    const provider = new MeterProvider({ readers: metricReaders });
    const meter = provider.getMeter('codex');
    const value = () => values[name]?.() as never;
    meter.createCounter('good').add(1, { tool: 'shell' });
    attempt(() => meter.createCounter('described', { description: value(), unit: value() }).add(1));
    attempt(() => meter.createCounter('tagged').add(1, { kept: 'a', left: value() }));
    await sent(provider);
    expect(collector.metrics().map((metric) => metric.name)).toEqual(expect.arrayContaining(['good', 'described']));
    const tagged = collector.metrics().find((metric) => metric.name === 'tagged');
    if (tagged !== undefined) expect(tagged.points).toMatchObject([{ attributes: { kept: 'a' } }]);
  });
});
