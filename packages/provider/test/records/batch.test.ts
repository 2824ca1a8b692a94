import type { OtelSignal } from '@codex-otel/config';
import type { SignalItems } from '@codex-otel/metrics/otlp';
import { describe, expect, it } from '@jest/globals';
import { createTraceState, TraceFlags } from '@opentelemetry/api';
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { PlainBatch } from '../../src/records/encode-batch.ts';
import { encodeBatch } from '../../src/records/encode-batch.ts';
import { readFrames, writeFrame } from '../../src/records/frames.ts';
import { reviveBatch } from '../../src/records/revive-batch.ts';
import { sampleLogRecord, sampleLogRecords, sampleMetrics, sampleSpan } from '../transport/telemetry-samples.ts';

function roundTrip<S extends OtelSignal>(signal: S, items: readonly SignalItems[S][]): SignalItems[S][] {
  const { bytes = Buffer.alloc(0) } = encodeBatch(signal, items, 'batch-1');
  const [batch] = readFrames(bytes);
  const revived = reviveBatch(batch as PlainBatch<S>);
  expect(revived).toMatchObject({ signal, id: 'batch-1' });
  return [...revived.items] as SignalItems[S][];
}

const remoteParent = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
  traceState: createTraceState('vendor=x,other=y'),
};

const fullSpan: ReadableSpan = {
  ...sampleSpan('session_task.turn'),
  spanContext: () => ({ ...remoteParent, spanId: '00f067aa0ba902b7', isRemote: false }),
  parentSpanContext: remoteParent,
  links: [{ context: remoteParent, attributes: { kind: 'spawn' } }],
};

describe('encodeBatch', () => {
  it('keeps spans so that they export to the same bytes', () => {
    const spans = [fullSpan, sampleSpan('receiving_stream')];
    const revived = roundTrip('traces', spans);
    expect(ProtobufTraceSerializer.serializeRequest(revived)).toEqual(ProtobufTraceSerializer.serializeRequest(spans));
    expect(JsonTraceSerializer.serializeRequest(revived)).toEqual(JsonTraceSerializer.serializeRequest(spans));
  });

  it('keeps log records so that they export to the same bytes', () => {
    const records: ReadableLogRecord[] = [
      sampleLogRecord('text', { prompt: 'é😀', ratio: Number.NaN, list: ['a', 'b'] }),
      { ...sampleLogRecord(''), body: { bytes: new Uint8Array([0, 255]), nested: [1, { deep: null }] } },
      { ...sampleLogRecord('no span'), spanContext: undefined } as unknown as ReadableLogRecord,
    ];
    const revived = roundTrip('logs', records);
    expect(ProtobufLogsSerializer.serializeRequest(revived)).toEqual(ProtobufLogsSerializer.serializeRequest(records));
    expect(JsonLogsSerializer.serializeRequest(revived)).toEqual(JsonLogsSerializer.serializeRequest(records));
  });

  it('keeps metrics so that they export to the same bytes', () => {
    const metrics = sampleMetrics('codex.tool.call');
    const [revived = metrics] = roundTrip('metrics', [metrics]);
    const bytes = ProtobufMetricsSerializer.serializeRequest(metrics);
    expect(ProtobufMetricsSerializer.serializeRequest(revived)).toEqual(bytes);
    expect(JsonMetricsSerializer.serializeRequest(revived)).toEqual(JsonMetricsSerializer.serializeRequest(metrics));
  });

  it('writes a resource once, however many items share it', () => {
    const one = encodeBatch('logs', sampleLogRecords(1), 'a').bytes?.length ?? 0;
    const two = encodeBatch('logs', sampleLogRecords(2), 'a').bytes?.length ?? 0;
    const apart = encodeBatch('logs', [sampleLogRecord('record 1')], 'a').bytes?.length ?? 0;
    expect(two - one).toBeLessThan(apart);
    const [first, second] = roundTrip('logs', sampleLogRecords(2));
    expect(first?.resource).toBe(second?.resource);
  });

  it('leaves out an item that holds what is no data, and says which', () => {
    const bad = { ...sampleLogRecord('bad'), body: { call: () => 1 } } as unknown as ReadableLogRecord;
    const good = sampleLogRecord('good');
    const { bytes = Buffer.alloc(0), unusable } = encodeBatch('logs', [good, bad], 'a');
    expect(unusable).toEqual([bad]);
    const [batch] = readFrames(bytes);
    expect(reviveBatch(batch as PlainBatch).items).toHaveLength(1);
  });

  it('gives no bytes where nothing can be written', () => {
    const bad = { ...sampleLogRecord('bad'), body: () => 1 } as unknown as ReadableLogRecord;
    expect(encodeBatch('logs', [bad], 'a')).toEqual({ unusable: [bad] });
  });
});

describe('readFrames', () => {
  const frames = Buffer.concat([writeFrame({ first: 1 }), writeFrame(['second'])]);

  it('reads the values that stand one after another', () => {
    expect(readFrames(frames)).toEqual([{ first: 1 }, ['second']]);
  });

  it('reads nothing from nothing', () => {
    expect(readFrames(Buffer.alloc(0))).toEqual([]);
  });

  it('refuses every cut', () => {
    const whole = writeFrame({ first: 1 }).length;
    for (let length = 1; length < frames.length; length += 1) {
      if (length !== whole) expect(() => readFrames(frames.subarray(0, length))).toThrow();
    }
  });

  it('refuses every changed byte', () => {
    for (let place = 0; place < frames.length; place += 1) {
      const changed = Buffer.from(frames);
      changed.writeUInt8((changed.readUInt8(place) + 1) % 256, place);
      expect(() => readFrames(changed)).toThrow();
    }
  });

  it.each([
    ['text', 'not a frame at all'],
    ['JSON', '{"resourceSpans":[]}'],
  ])('refuses %s', (_name, text) => {
    expect(() => readFrames(Buffer.from(text))).toThrow('not telemetry of ours');
  });
});
