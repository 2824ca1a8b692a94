import type { OtelSignal } from '@codex-otel/config';
import type { PlainLogRecord, PlainSpan, SignalItems } from '@codex-otel/metrics/otlp';
import { describe, expect, it } from '@jest/globals';
import type { PlainBatch } from '../../src/records/encode-batch.ts';
import { batchCount, encodeBatch, isSendable } from '../../src/records/encode-batch.ts';
import { readFrames, writeFrame } from '../../src/records/frames.ts';
import { sampleLogRecord, sampleLogRecords, sampleMetrics, sampleSpan } from '../transport/telemetry-samples.ts';

function roundTrip<S extends OtelSignal>(signal: S, items: readonly SignalItems[S][]): PlainBatch<S> {
  const [batch] = readFrames(encodeBatch(signal, items, 'batch-1'));
  return batch as PlainBatch<S>;
}

const remoteParent = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: 'b7ad6b7169203331',
  traceFlags: 1,
  isRemote: true,
  traceState: 'vendor=x,other=y',
};

const fullSpan: PlainSpan = {
  ...sampleSpan('session_task.turn'),
  spanContext: { ...remoteParent, spanId: '00f067aa0ba902b7', isRemote: false },
  parentSpanContext: remoteParent,
  links: [{ context: remoteParent, attributes: { kind: 'spawn' } }],
};

const records: readonly PlainLogRecord[] = [
  sampleLogRecord('text', { prompt: 'é😀', ratio: Number.NaN, list: ['a', 'b'] }),
  { ...sampleLogRecord(''), body: { bytes: new Uint8Array([0, 255]), nested: [1, { deep: null }, undefined] } },
  { ...sampleLogRecord('no span'), spanContext: undefined },
];

describe('encodeBatch', () => {
  it.each([
    ['spans', 'traces', [fullSpan, sampleSpan('receiving_stream')]],
    ['log records', 'logs', records],
    ['metrics', 'metrics', [sampleMetrics('codex.tool.call')]],
  ] as const)('keeps %s as they are', (_name, signal, items) => {
    const batch = roundTrip(signal, items as readonly SignalItems[typeof signal][]);
    expect(batch).toStrictEqual({ signal, id: 'batch-1', items });
    expect(isSendable(batch)).toBe(true);
    expect(batchCount(batch)).toBe(items.length);
  });

  it('writes a resource once, however many items share it', () => {
    const one = encodeBatch('logs', sampleLogRecords(1), 'a').length;
    const two = encodeBatch('logs', sampleLogRecords(2), 'a').length;
    const apart = encodeBatch('logs', [sampleLogRecord('record 1')], 'a').length;
    expect(two - one).toBeLessThan(apart);
    const [first, second] = roundTrip('logs', sampleLogRecords(2)).items;
    expect(first?.resource).toBe(second?.resource);
  });
});

describe('isSendable', () => {
  const { spanContext: _, ...noContext } = sampleSpan('a');
  const { resource: _resource, ...noResource } = sampleLogRecord('a');
  it.each([
    ['spans without a context', 'traces', noContext],
    ['spans of another version', 'traces', { ...noContext, context: remoteParent }],
    ['spans without events', 'traces', { ...sampleSpan('a'), events: undefined }],
    ['log records without a resource', 'logs', noResource],
    ['log records whose context is something else', 'logs', { ...sampleLogRecord('a'), spanContext: 'a' }],
    ['metrics without points', 'metrics', { ...sampleMetrics('a'), scopeMetrics: [{ scope: {}, metrics: [{}] }] }],
    ['null', 'logs', null],
    ['text', 'logs', 'text'],
  ] as const)('refuses %s', (_name, signal, item) => {
    expect(isSendable({ signal, id: 'a', items: [item] } as unknown as PlainBatch)).toBe(false);
  });
});

describe('readFrames', () => {
  const frames = Buffer.concat([writeFrame({ first: 1 }), writeFrame(['second'])]);

  it('reads the values one after another', () => {
    expect(readFrames(frames)).toEqual([{ first: 1 }, ['second']]);
  });

  it('reads an empty list from no bytes', () => {
    expect(readFrames(Buffer.alloc(0))).toEqual([]);
  });

  it('refuses bytes that are cut anywhere', () => {
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
    expect(() => readFrames(Buffer.from(text))).toThrow('not a frame of codex-otel');
  });
});
