import { createMetricsClient, isMetricsError, quietMetricsSink } from '@codex-otel/metrics';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import type { OtelProvider } from '@codex-otel/provider';
import { createOtelProvider, deferredSinks, isOtelShutdownError } from '@codex-otel/provider';
import { NetworkProxyAudit, SessionTelemetry } from '@codex-otel/session-telemetry';
import { patience } from '@codex-otel/testing';
import { NO_TOKEN_USAGE, regularTask, startTurn } from '@codex-otel/token-usage';
import { W3cPropagator } from '@codex-otel/trace-context';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultTextMapGetter, defaultTextMapSetter, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { attack, methodNames, prototypes, survives } from './hostile-calls.ts';
import { CONTENT, wildValues } from './wild-values.ts';

/** Arguments of each method of an object, by name. Methods that are not called here have the reason beside them. */
type Methods = Readonly<Record<string, (() => readonly unknown[]) | 'elsewhere'>>;

const spanContext = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
const attributes = { a: 1, b: 'x', c: ['d'] };
const tags = { a: 'b' };
const usage = { ...NO_TOKEN_USAGE, inputTokens: 2, outputTokens: 1, totalTokens: 3 };

let collector: OtlpCollector;
let provider: OtelProvider;
const untouched = prototypes();

beforeAll(async () => {
  collector = await startOtlpCollector({ grpc: false });
  provider = await openProvider();
});
afterEach(async () => {
  expect(prototypes()).toBe(untouched);
  // Deferred sinks are bounded; what they drop is counted.
  await survives(() => provider.forceFlush(patience), isOtelShutdownError);
});
afterAll(async () => {
  await provider.shutdown(patience);
  await collector.close();
});

async function openProvider(): Promise<OtelProvider> {
  const exporter = { kind: 'otlp-http', endpoint: collector.httpUrl, protocol: 'binary' } as const;
  const opened = await createOtelProvider(
    {
      environment: 'test',
      serviceName: 'codex_cli_rs',
      serviceVersion: '1',
      codexHome: '/nowhere',
      exporter,
      traceExporter: exporter,
      metricsExporter: exporter,
    },
    { env: {}, registerGlobals: false, handoverOnExit: false },
  );
  if (opened === undefined) throw new Error('there are exporters');
  return opened;
}

/** A method of any object, called with any arguments. */
function callOf(object: object, name: string): (args: readonly unknown[]) => unknown {
  const key = name === '@@Symbol.dispose' ? Symbol.dispose : name;
  const method: unknown = Reflect.get(object, key);
  if (typeof method !== 'function') throw new Error(`${name} is no method`);
  return (args) => Reflect.apply(method, object, [...args]);
}

function attacked(methods: Methods): readonly (readonly [string, () => readonly unknown[]])[] {
  return Object.entries(methods).flatMap(([name, args]) => (args === 'elsewhere' ? [] : [[name, args] as const]));
}

const metricMethods: Methods = {
  counter: () => ['a.counter', 1, tags],
  histogram: () => ['a.histogram', 1, tags],
  histogramWithBoundaries: () => ['a.bounds', [1, 2], 1, tags, { unit: 's', description: 'd' }],
  recordDuration: () => ['a.duration', 1, tags],
  recordDurationSeconds: () => ['a.seconds', 'd', 1, tags],
  shutdown: 'elsewhere',
  snapshot: 'elsewhere',
  startTimer: 'elsewhere',
};
const clientMethods: Methods = {
  ...metricMethods,
  collectNow: () => [],
  counterWithDescription: () => ['a.described', 'd', 1, tags],
  forceFlush: () => [],
  gauge: () => ['a.gauge', 1, tags, { unit: '1' }],
  observableGauge: () => ['a.observed', 'd', () => 1, tags],
};

describe('a metrics client', () => {
  it('has every method attacked', () => {
    expect(methodNames(provider.metrics ?? {})).toEqual(Object.keys(clientMethods).sort());
    expect(methodNames(quietMetricsSink(provider.metrics ?? failing()))).toEqual(Object.keys(metricMethods).sort());
  });

  it.each(attacked(clientMethods))('%s throws nothing but MetricsError', async (name, args) => {
    await attack(callOf(provider.metrics ?? {}, name), { args, allowed: isMetricsError });
  });

  it.each(attacked(metricMethods))('quiet, %s throws nothing', async (name, args) => {
    await attack(callOf(quietMetricsSink(provider.metrics ?? failing()), name), { args });
  });

  it('starts timers that throw nothing but MetricsError, and when quiet or disposed nothing', async () => {
    const { metrics = failing() } = provider;
    const timed = (sink: object, end: (timer: object, more: unknown) => void) => (args: readonly unknown[]) => {
      const timer: unknown = callOf(sink, 'startTimer')(args);
      if (typeof timer === 'object' && timer !== null) end(timer, args[1]);
    };
    const record = (timer: object, more: unknown): void => void callOf(timer, 'record')([more]);
    const dispose = (timer: object): void => void callOf(timer, '@@Symbol.dispose')([]);
    const args = () => ['a.timer', tags];
    await attack(timed(metrics, record), { args, allowed: isMetricsError });
    await attack(timed(metrics, dispose), { args });
    await attack(timed(quietMetricsSink(metrics), record), { args });
  });

  it('is not created from invalid settings', async () => {
    for (const value of wildValues) {
      await survives(
        async () => {
          const client: unknown = await Reflect.apply(createMetricsClient, undefined, [{ exporter: value }]);
          if (client instanceof Object) await callOf(client, 'shutdown')([{ timeoutMillis: 10 }]);
        },
        () => true,
      );
    }
  });
});

function failing(): never {
  throw new Error('the provider has a metrics client');
}

const spanMethods: Methods = {
  addEvent: () => ['event', { target: 'codex_otel.trace_safe', ...attributes }, 1],
  addLink: () => [{ context: spanContext, attributes }],
  addLinks: () => [[{ context: spanContext, attributes }]],
  end: () => [1],
  isRecording: () => [],
  recordException: () => [new Error(CONTENT), 1],
  setAttribute: () => ['key', 'value'],
  setAttributes: () => [attributes],
  setStatus: () => [{ code: 2, message: CONTENT }],
  spanContext: () => [],
  updateName: () => ['name'],
};
const record = () => [
  {
    body: 'x',
    attributes,
    timestamp: 1,
    observedTimestamp: 1,
    severityNumber: 9,
    severityText: 'INFO',
    eventName: 'e',
  },
];
const spanOptions = { attributes, links: [{ context: spanContext, attributes }], startTime: 1, kind: 1, root: false };

describe.each(['a provider', 'deferred sinks'])('%s', (which) => {
  const tracer = () => (which === 'a provider' ? provider : waiting()).tracer;
  const logger = () => (which === 'a provider' ? provider : waiting()).logger;
  /** Sinks whose records reach the provider when the test is over. */
  const waiting = () => {
    const sinks = deferredSinks();
    setImmediate(() => sinks.connect(provider));
    return sinks;
  };

  it('has every method attacked', () => {
    expect(methodNames(tracer().startSpan('span'))).toEqual(Object.keys(spanMethods).sort());
  });

  it.each(attacked(spanMethods))('has spans whose %s throws nothing', async (name, args) => {
    await attack(
      (given) => {
        const span = tracer().startSpan('span');
        callOf(span, name)(given);
        span.end();
      },
      { args },
    );
  });

  it('starts spans from anything', async () => {
    await attack(
      (given) => {
        const span: unknown = callOf(tracer(), 'startSpan')(given);
        callOf(span as object, 'end')([]); // every tracer gives a span
      },
      { args: () => ['span', spanOptions, ROOT_CONTEXT] },
    );
  });

  it('runs a function in an active span', async () => {
    let ran = 0;
    let called = 0;
    await attack(
      ([name, options, context]) => {
        called += 1;
        callOf(tracer(), 'startActiveSpan')([name, options, context, () => (ran += 1)]);
      },
      { args: () => ['span', spanOptions, ROOT_CONTEXT] },
    );
    expect(ran).toBe(called);
  });

  it('takes any log record', async () => {
    await attack((given) => callOf(logger(), 'emit')(given), { args: record });
  });

  it('loses no record because another one cannot be encoded', async () => {
    const before = provider.stats();
    for (const value of wildValues) {
      const span = tracer().startSpan('span');
      for (const [name, args] of attacked(spanMethods)) callOf(span, name)(args().map(() => value));
      span.end();
      callOf(tracer(), 'startSpan')([value, { kind: value, startTime: value, attributes: { a: value, b: [value] } }]);
      callOf(logger(), 'emit')([{ body: value, timestamp: value, severityNumber: value, severityText: value }]);
      callOf(logger(), 'emit')([{ attributes: { a: value }, observedTimestamp: value, eventName: value }]);
      const parent = { ...spanContext, traceState: value, traceFlags: value };
      const context = trace.setSpanContext(ROOT_CONTEXT, parent as typeof spanContext); // what JavaScript lets pass
      const child = tracer().startSpan('child', { links: [{ context: parent as typeof spanContext }] }, context);
      child.end();
      logger().emit({ body: 'x', context });
    }
    await new Promise((resolve) => setImmediate(resolve));
    await provider.forceFlush(patience);
    for (const signal of ['traces', 'logs', 'metrics'] as const) {
      expect(provider.stats()[signal].failed).toBe(before[signal].failed);
      expect(provider.stats()[signal].dropped).toBe(before[signal].dropped);
    }
  });
});

describe('a provider with wrong arguments', () => {
  it('gives loggers for any target', async () => {
    await attack((args) => callOf(Object(callOf(provider, 'loggerFor')(args)), 'emit')([{ body: 'x' }]), {
      args: () => ['codex_otel.log_only'],
    });
  });

  it('flushes and ends with any time-out', async () => {
    await attack((args) => callOf(provider, 'forceFlush')(args), {
      args: () => [{ timeoutMillis: 500 }],
      allowed: isOtelShutdownError,
      runs: 20,
    });
  });

  it('put no content on spans', async () => {
    await provider.forceFlush(patience);
    const spans = collector.spans();
    expect(spans.length).toBeGreaterThan(1000);
    const told = spans.flatMap(({ events, status }) => [
      JSON.stringify(events.map(({ name }) => name)),
      status.message,
    ]);
    expect(told.filter((text) => text?.includes('exception') || text?.includes(CONTENT))).toEqual([]);
  });
});

describe('a turn, a propagator and an audit', () => {
  const turnOptions = () => [
    {
      task: regularTask,
      threadId: 'a-b',
      turnId: 't',
      model: 'm',
      parent: ROOT_CONTEXT,
      sessionUsage: usage,
      attributes,
      links: [{ context: spanContext }],
      startTime: 1,
      tracer: provider.tracer,
    },
  ];

  it('start and end a turn of anything', async () => {
    await attack(
      (args) => {
        const turn = Object(Reflect.apply(startTurn, undefined, [...args]));
        for (const name of ['addResponse', 'become', 'end', '@@Symbol.dispose']) callOf(turn, name)([args[1]]);
      },
      { args: turnOptions, runs: 400 },
    );
  });

  it('read any header through a carrier', async () => {
    const propagator = new W3cPropagator();
    await attack(([carrier]) => propagator.extract(ROOT_CONTEXT, carrier, { ...defaultTextMapGetter, get: read }), {
      args: () => [{ traceparent: `00-${spanContext.traceId}-${spanContext.spanId}-01` }],
      data: true,
    });
    propagator.inject(trace.setSpanContext(ROOT_CONTEXT, spanContext), {}, defaultTextMapSetter);
  });

  it('audit any decision', async () => {
    await attack(
      ([metadata, decision]) => {
        const audit: object = Reflect.construct(NetworkProxyAudit, [metadata, { logger: provider.logger }]);
        callOf(audit, 'recordPolicyDecision')([decision]);
      },
      { args: () => [{ conversationId: 'c' }, { networkPolicyScope: 'domain', serverPort: 1 }] },
    );
    expect(Reflect.construct(SessionTelemetry, [])).toBeInstanceOf(SessionTelemetry);
  });
});

function read(carrier: unknown, key: string): string | undefined {
  return typeof carrier === 'object' && carrier !== null ? Reflect.get(carrier, key) : undefined;
}
