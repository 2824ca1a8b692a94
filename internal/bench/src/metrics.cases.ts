import type { MetricsClient } from '@codex-otel/metrics';
import { createMetricsClient } from '@codex-otel/metrics';
import type { Attributes, Meter } from '@opentelemetry/api';
import { ValueType } from '@opentelemetry/api';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { AggregationTemporality, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { Operation, OperationCase } from './operations.ts';

/** What a tag set is like: how many tags, made in the call or made once. */
export const shapes = ['0', '3 fresh', '3 repeated', '8 fresh', '8 repeated'] as const;
export const instruments = ['counter', 'histogram', 'duration'] as const;
export const sides = ['ours', 'sdk'] as const;

type Shape = (typeof shapes)[number];
type Tags = Readonly<Record<string, string>>;
type RecordCall = (value: number, tags: Tags | undefined) => void;

const kinds = Array.from({ length: 12 }, (_, index) => `response.event_${index}`);

/** The name of a case. */
export function caseName(side: string, instrument: string, shape: string): string {
  return `${instrument}, ${shape}, ${side}`;
}

/** All cases, for measureOperations. */
export const cases: { readonly [name: string]: OperationCase } = Object.fromEntries(
  instruments.flatMap((instrument) =>
    shapes.flatMap((shape): [string, OperationCase][] => [
      [caseName('ours', instrument, shape), async () => operation(shape, await oursRecord(instrument))],
      [caseName('sdk', instrument, shape), async () => operation(shape, sdkRecord(instrument))],
    ]),
  ),
);

function operation(shape: Shape, record: RecordCall): Operation {
  const kindOf = (index: number) => kinds[index % kinds.length] ?? '';
  const make = shape.startsWith('3') ? threeTags : eightTags;
  const repeated = kinds.map((_, index) => Object.freeze(make(kindOf(index), index)));
  switch (shape) {
    case '0':
      return (index) => record(index % 500, undefined);
    case '3 fresh':
      return (index) => record(index % 500, threeTags(kindOf(index), index));
    case '8 fresh':
      return (index) => record(index % 500, eightTags(kindOf(index), index));
    case '3 repeated':
    case '8 repeated':
      return (index) => record(index % 500, repeated[index % repeated.length]);
  }
}

function threeTags(kind: string, index: number): Tags {
  return { kind, success: index % 12 === 0 ? 'false' : 'true', model: 'gpt-5.1-codex' };
}

function eightTags(kind: string, index: number): Tags {
  return {
    auth_mode: 'Chatgpt',
    session_source: 'cli',
    originator: 'codex_cli_rs',
    service_name: 'codex_cli_rs',
    model: 'gpt-5.1-codex',
    'app.version': '0.154.0',
    kind,
    success: index % 12 === 0 ? 'false' : 'true',
  };
}

/** Takes everything, keeps nothing. */
export function discardingExporter(): PushMetricExporter {
  return {
    export: (_metrics, done) => done({ code: 0 }),
    forceFlush: async () => {},
    shutdown: async () => {},
    selectAggregationTemporality: () => AggregationTemporality.DELTA,
  };
}

/** A client as a session has it. */
export function oursClient(exporter: PushMetricExporter = discardingExporter()): Promise<MetricsClient> {
  return createMetricsClient({
    environment: 'bench',
    serviceName: 'bench',
    serviceVersion: '1',
    exporter,
    exportIntervalMillis: 3_600_000,
  });
}

/** The SDK as one sets it up by hand. */
export function sdkMeter(exporter: PushMetricExporter = discardingExporter()): {
  readonly meter: Meter;
  readonly provider: MeterProvider;
} {
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  return { meter: provider.getMeter('codex'), provider };
}

async function oursRecord(instrument: (typeof instruments)[number]): Promise<RecordCall> {
  const client = await oursClient();
  switch (instrument) {
    case 'counter':
      return (value, tags) => client.counter('codex.sse_event', value, tags);
    case 'histogram':
      return (value, tags) => client.histogram('codex.turn.tool.call', value, tags);
    case 'duration':
      return (value, tags) => client.recordDuration('codex.sse_event.duration_ms', value, tags);
  }
}

function sdkRecord(instrument: (typeof instruments)[number]): RecordCall {
  const { meter } = sdkMeter();
  switch (instrument) {
    case 'counter': {
      const counter = meter.createCounter('codex.sse_event', { valueType: ValueType.INT });
      return (value, tags) => counter.add(value, tags as Attributes | undefined); // the same shape
    }
    case 'histogram': {
      const histogram = meter.createHistogram('codex.turn.tool.call');
      return (value, tags) => histogram.record(value, tags as Attributes | undefined);
    }
    case 'duration': {
      const histogram = meter.createHistogram('codex.sse_event.duration_ms', { unit: 'ms' });
      return (value, tags) => histogram.record(value, tags as Attributes | undefined);
    }
  }
}
