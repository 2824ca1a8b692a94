import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_TEXT_LENGTH, parseOtlp } from '../../src/model/otlp-json.ts';
import { parseSavedOtlp } from '../../src/model/saved-otlp.ts';
import { logsRequest, spanId, TEST_START_MILLIS, traceId, tracesRequest } from '../otlp.ts';

const one = tracesRequest([{ id: 7, parent: 3, name: 'work', start: 1.5, end: 2.25, failed: true }]);

describe('parseOtlp', () => {
  it('reads a span with ids, times to a fraction of a microsecond, and status', () => {
    const [span] = parseOtlp(one).spans;
    expect(span).toMatchObject({
      traceId: traceId(1),
      spanId: spanId(7),
      parentSpanId: spanId(3),
      name: 'work',
      service: 'codex_exec',
      failed: true,
      statusMessage: 'it failed',
    });
    expect((span?.startMillis ?? 0) - TEST_START_MILLIS).toBeCloseTo(1.5, 3);
    expect((span?.endMillis ?? 0) - TEST_START_MILLIS).toBeCloseTo(2.25, 3);
  });

  it('reads ids as bytes and numbers as numbers, as a protobuf decoder gives them', () => {
    const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
    const span = {
      traceId: bytes(traceId(1)),
      spanId: bytes(spanId(7)),
      parentSpanId: new Uint8Array(),
      startTimeUnixNano: '5000000',
    };
    expect(parseOtlp({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }).spans).toMatchObject([
      { traceId: traceId(1), spanId: spanId(7), parentSpanId: undefined, startMillis: 5 },
    ]);
  });

  it.each([
    [{ intValue: '42' }, 42],
    [{ intValue: 42 }, 42],
    [{ intValue: '9223372036854775807' }, '9223372036854775807'],
    [{ doubleValue: 0.5 }, 0.5],
    [{ doubleValue: 'NaN' }, 'NaN'],
    [{ boolValue: false }, false],
    [{ arrayValue: { values: [{ stringValue: 'a' }, { intValue: '1' }] } }, '["a",1]'],
    [{ kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } }, '{"k":true}'],
    [{ bytesValue: Uint8Array.of(1, 255) }, '01ff'],
    [{ stringValue: 'x'.repeat(1_000_000) }, `${'x'.repeat(MAX_TEXT_LENGTH)}… (1,000,000 characters)`],
    [{}, undefined],
    [null, undefined],
  ])('reads %j', (value, expected) => {
    const record = { timeUnixNano: '1', attributes: [{ key: 'k', value }] };
    const { logs } = parseOtlp({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
    expect(logs[0]?.attributes.k).toEqual(expected);
  });

  it('uses the last value of a repeated key', () => {
    const pair = (value: object) => ({ key: 'thread.id', value });
    const record = { timeUnixNano: '1', attributes: [pair({ intValue: '4' }), pair({ stringValue: 'session' })] };
    const { logs } = parseOtlp({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
    expect(logs[0]?.attributes['thread.id']).toBe('session');
  });

  it('uses the observed time of a record without another time', () => {
    const record = { timeUnixNano: '0', observedTimeUnixNano: '7000000' };
    expect(parseOtlp({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }).logs[0]?.timeMillis).toBe(7);
  });

  it('counts what it cannot use', () => {
    const spans = [{ name: 'no ids' }, { traceId: 'zz', spanId: '1' }, 7, null];
    expect(parseOtlp({ resourceSpans: [{ scopeSpans: [{ spans }] }] })).toMatchObject({ spans: [], unusable: 4 });
  });

  it('counts metric points', () => {
    const metrics = [{ sum: { dataPoints: [{}, {}] } }, { histogram: { dataPoints: [{}] } }];
    expect(parseOtlp({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }).metricPoints).toBe(3);
  });

  it('does not throw for anything that JSON can hold', () => {
    const keys = [
      'resourceSpans',
      'scopeSpans',
      'spans',
      'attributes',
      'key',
      'value',
      'kvlistValue',
      'values',
      'events',
    ];
    const json = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 8 },
        fc.jsonValue(),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie('node'), { maxKeys: 4 }),
      ),
    })).node;
    fc.assert(fc.property(json, (value) => parseOtlp(value).unusable >= 0));
  });
});

describe('parseSavedOtlp', () => {
  const two = logsRequest([{ name: 'codex.user_prompt' }]);

  it.each([
    ['one request', JSON.stringify(one), 1, 0],
    ['a request a line', `${JSON.stringify(one)}\n${JSON.stringify(two)}\n\n`, 1, 1],
    ['an array', JSON.stringify([one, two]), 1, 1],
    [
      'requests with their bodies',
      JSON.stringify({ codex: '1', requests: [{ headers: {}, body: one }, { body: two }] }),
      1,
      1,
    ],
    [
      'one group of spans',
      JSON.stringify({
        resource: {},
        scope: {},
        spans: [{ traceId: traceId(1), spanId: spanId(1), startTimeUnixNano: '1' }],
      }),
      1,
      0,
    ],
    ['something else', '{"a":1}', 0, 0],
    ['nothing', '', 0, 0],
  ])('reads %s', (_form, text, spans, logs) => {
    const telemetry = parseSavedOtlp(text);
    expect([telemetry.spans.length, telemetry.logs.length]).toEqual([spans, logs]);
  });

  it('names the line that is not JSON', () => {
    expect(() => parseSavedOtlp('{"a":1}\n{"b":\n')).toThrow('line 2 is not JSON');
  });
});
