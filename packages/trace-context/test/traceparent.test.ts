import { describe, expect, it } from '@jest/globals';
import { formatTraceparent, parseTraceparent } from '../src/index.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('parseTraceparent', () => {
  it('reads the fields of version 00', () => {
    expect(parseTraceparent(`00-${traceId}-${spanId}-01`)).toEqual({ traceId, spanId, traceFlags: 1 });
  });

  it.each([
    ['00', 0],
    ['01', 1],
    ['02', 2],
    ['03', 3],
    ['fd', 1],
    ['ff', 3],
  ])('keeps only the known bits of the flags %s', (flags, traceFlags) => {
    expect(parseTraceparent(`00-${traceId}-${spanId}-${flags}`)?.traceFlags).toBe(traceFlags);
  });

  it.each(['', '-', '-more', '-more, or less'.replace(',', '')])('reads a later version that ends in %j', (rest) => {
    expect(parseTraceparent(`cc-${traceId}-${spanId}-01${rest}`)).toEqual({ traceId, spanId, traceFlags: 1 });
  });

  it.each([
    ['a trace id with zeros in front', `00-${'0'.repeat(31)}1-${spanId}-01`],
    ['a parent id with zeros in front', `00-${traceId}-${'0'.repeat(15)}1-01`],
    ['a later version that continues with zeros', `cc-${traceId}-${spanId}-00-${'0'.repeat(16)}-`],
  ])('reads %s', (_what, header) => {
    expect(parseTraceparent(header)).toBeDefined();
  });

  it.each([
    ['an all-zero trace id', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['an all-zero parent id', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['upper case', `00-${traceId.toUpperCase()}-${spanId}-01`],
    ['version ff', `ff-${traceId}-${spanId}-01`],
    ['version 00 with more after it', `00-${traceId}-${spanId}-01-`],
    ['two headers joined', `00-${traceId}-${spanId}-01,00-${traceId}-${spanId}-01`],
    ['two headers of a later version joined', `cc-${traceId}-${spanId}-01-x, cc-${traceId}-${spanId}-01-x`],
    ['a line break at the end', `00-${traceId}-${spanId}-01\n`],
    ['a line break in front', `\n00-${traceId}-${spanId}-01`],
    ['a no-break space', `\u00a000-${traceId}-${spanId}-01`],
    ['nothing', ''],
    ['null', null],
    ['undefined', undefined],
  ])('refuses %s', (_what, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  it.each([1, true, {}, [], [`00-${traceId}-${spanId}-01`], { toString: 'no function' }, Object.create(null)])(
    'refuses what JSON can hold instead of a string: %j',
    (value: unknown) => {
      expect(parseTraceparent(value as string)).toBeUndefined();
    },
  );
});

describe('formatTraceparent', () => {
  it('writes version 00', () => {
    expect(formatTraceparent({ traceId, spanId, traceFlags: 1 })).toBe(`00-${traceId}-${spanId}-01`);
  });

  it('writes the flags that are known', () => {
    expect(formatTraceparent({ traceId, spanId, traceFlags: 0xff })).toBe(`00-${traceId}-${spanId}-03`);
    expect(formatTraceparent({ traceId, spanId, traceFlags: Number.NaN })).toBe(`00-${traceId}-${spanId}-00`);
  });

  it.each([
    ['an all-zero trace id', '0'.repeat(32), spanId],
    ['an all-zero span id', traceId, '0'.repeat(16)],
    ['upper case', traceId.toUpperCase(), spanId],
    ['a short id', traceId.slice(1), spanId],
    ['an id that contains a header', `${traceId}-${spanId}-01\r\nx-injected: 1\r\n`, spanId],
    ['a line break at the end', traceId, `${spanId.slice(1)}\n`],
  ])('writes nothing for %s', (_what, id, span) => {
    expect(formatTraceparent({ traceId: id, spanId: span, traceFlags: 1 })).toBe('');
  });
});
