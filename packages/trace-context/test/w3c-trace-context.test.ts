import { describe, expect, it } from '@jest/globals';
import { createW3cTraceContext, parseTraceparent } from '../src/index.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parent = `00-${traceId}-b7ad6b7169203331-00`;

describe('createW3cTraceContext', () => {
  it('starts a trace that is sampled and has a random id', () => {
    const { traceparent, ...rest } = createW3cTraceContext();
    expect(parseTraceparent(traceparent)?.traceFlags).toBe(3);
    expect(rest).toEqual({});
    expect(createW3cTraceContext().traceparent).not.toBe(traceparent);
  });

  it('has 64 random bits in each half of an id, of which the first can be zeros', () => {
    const parts = Array.from({ length: 1000 }, () => {
      const { traceId = '', spanId = '' } = parseTraceparent(createW3cTraceContext().traceparent) ?? {};
      return [traceId.slice(0, 16), traceId.slice(16), spanId];
    }).flat();
    expect(new Set(parts).size).toBe(3000);
    expect(parts.every((part) => /^[\da-f]{16}$/.test(part))).toBe(true);
  });

  it('makes a child with the same trace, flags and tracestate, and a new span', () => {
    const child = createW3cTraceContext({ traceparent: parent, tracestate: 'vendor=x' });
    expect(child.tracestate).toBe('vendor=x');
    expect(parseTraceparent(child.traceparent)).toMatchObject({ traceId, traceFlags: 0 });
    expect(child.traceparent).not.toBe(parent);
  });

  it('keeps the random flag and drops flags that are not known', () => {
    expect(createW3cTraceContext({ traceparent: parent.replace(/00$/, '02') }).traceparent).toMatch(/-02$/);
    expect(createW3cTraceContext({ traceparent: parent.replace(/00$/, 'fe') }).traceparent).toMatch(/-02$/);
  });

  it.each([{}, { traceparent: 'bad', tracestate: 'vendor=x' }, { tracestate: 'vendor=x' }])(
    'starts a new trace after %j, without its tracestate',
    (invalid) => {
      const started = createW3cTraceContext(invalid);
      expect(parseTraceparent(started.traceparent)).toBeDefined();
      expect(started.tracestate).toBeUndefined();
    },
  );

  it.each(['', ',', 'UPPER=x', '@a=1', 'a=1\r\nx-injected: 1', 'a=1\u0000'])(
    'drops the tracestate %j',
    (tracestate) => {
      expect(createW3cTraceContext({ traceparent: parent, tracestate })).not.toHaveProperty('tracestate');
    },
  );
});
