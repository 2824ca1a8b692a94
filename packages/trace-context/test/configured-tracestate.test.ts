import { afterEach, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import type { TracestateEntries } from '../src/index.ts';
import {
  contextFromW3cTraceContext,
  isTracestateError,
  setTracestateEntries,
  spanW3cTraceContext,
  validateTracestateEntries,
  validateTracestateMember,
} from '../src/index.ts';
import { diagWarnings } from './diag-warnings.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** The tracestate that is sent with a span whose own is `inbound`. */
function outgoing(inbound: string | undefined): string | undefined {
  const remote = contextFromW3cTraceContext({ traceparent, ...(inbound !== undefined && { tracestate: inbound }) });
  const span = remote && trace.getSpan(remote);
  return span && spanW3cTraceContext(span)?.tracestate;
}

/** The error's message; fails when there is none. */
function refusal(validate: () => void): string {
  try {
    validate();
  } catch (error) {
    expect(isTracestateError(error)).toBe(true);
    if (isTracestateError(error)) return error.message;
  }
  throw new Error('nothing was refused');
}

const warnings = diagWarnings();
afterEach(() => {
  setTracestateEntries({});
});

describe('setTracestateEntries', () => {
  it.each<[inbound: string | undefined, configured: TracestateEntries, result: string | undefined]>([
    [
      'example=alpha:zero;keep:yes,other=value',
      { example: { alpha: 'one', beta: 'two' } },
      'example=alpha:one;keep:yes;beta:two,other=value',
    ],
    [undefined, { b: { y: '2' }, a: { x: '1' } }, 'a=x:1,b=y:2'],
    ['other=v,b=y:0;z:9', { a: { x: '1' }, b: { y: '2' } }, 'a=x:1,b=y:2;z:9,other=v'],
    ['m=k:1;k:2;free', { m: { k: 'new' } }, 'm=k:new;free'],
    ['m=q:1;q:2', { m: { k: 'v' } }, 'm=q:1;q:2;k:v'],
    ['m=k;z:1', { m: { k: 'v' } }, 'm=k;z:1;k:v'],
    ['m=;;a:1;', { m: { b: '2' } }, 'm=a:1;b:2'],
    ['not a list', { a: { x: '1' } }, 'a=x:1'],
    ['vendor=x', {}, 'vendor=x'],
    [undefined, {}, undefined],
    ['m=:1;a:2', { m: { a: '3' } }, 'm=:1;a:3'],
    [undefined, { m: { b: '2', a: '' } }, 'm=a:;b:2'],
    ['o=1', { m: {} }, 'o=1'],
  ])('makes %j with %j into %j', (inbound, configured, result) => {
    setTracestateEntries(configured);
    expect(outgoing(inbound)).toBe(result);
  });

  it('changes nothing when anything is not valid', () => {
    setTracestateEntries({ a: { x: '1' } });
    expect(refusal(() => setTracestateEntries({ a: { x: '2' }, b: { y: 'a,b' } }))).toContain('b.y');
    expect(outgoing(undefined)).toBe('a=x:1');
  });

  it('ignores what is added after the check', () => {
    const fields = { x: '1' };
    const entries: Record<string, Record<string, string>> = { a: fields };
    setTracestateEntries(entries);
    entries.b = { y: '2' };
    expect(outgoing(undefined)).toBe('a=x:1');
    fields.x = '2,injected=1';
    expect(outgoing('own=1')).toBe('own=1');
  });

  it('reports a refused merge once, and sends what the span has', () => {
    const full = Array.from({ length: 32 }, (_, index) => `k${index}=v`).join(',');
    setTracestateEntries({ a: { x: '1' }, k7: { f: 'v' } });
    const expected = `k7=v;f:v,${full.replace('k7=v,', '')}`;
    expect([outgoing(full), outgoing(full)]).toEqual([expected, expected]);
    expect(warnings).toHaveLength(1);
    expect(outgoing('k0=v')).toBe('a=x:1,k7=f:v,k0=v');
  });

  it('stops at the first member that is refused, counted from the end', () => {
    const long = `m=${'x'.repeat(250)}`;
    setTracestateEntries({ a: { x: '1' }, m: { field: 'value' }, z: { y: '2' } });
    expect(outgoing(long)).toBe(`z=y:2,${long}`);
    expect(warnings).toEqual(['codex-otel/trace-context: invalid configured tracestate: m']);
  });

  it('does not make a member longer than 256 characters', () => {
    const long = `m=${'x'.repeat(250)}`;
    setTracestateEntries({ m: { field: 'value' } });
    expect(outgoing(long)).toBe(long);
    expect(warnings).toHaveLength(1);
  });
});

describe('validateTracestateMember', () => {
  it.each([
    ['a colon in a value', { k: 'a:b' }],
    ['a space inside a value', { k: 'a b' }],
    ['an empty value', { k: '' }],
    ['a value with a trailing space that is not the last', { a: 'x ', b: 'y' }],
    ['no fields', {}],
  ])('accepts %s', (_what, fields) => {
    expect(() => validateTracestateMember('m', fields)).not.toThrow();
  });

  it.each(['', ' ', 'a b', 'a:b', 'a;b', 'a,b', 'a=b', 'ä', 'a\n', '\u007f'])('refuses the field key %j', (field) => {
    expect(refusal(() => validateTracestateMember('m', { [field]: 'v' }))).toContain(
      `invalid configured tracestate field key m.${field}`,
    );
  });

  it.each(['a,b', 'a=b', 'a;b', 'a\nb', 'a\r', 'a\u0000', 'ä', '\t', '\u007f'])('refuses the value %j', (value) => {
    expect(refusal(() => validateTracestateMember('m', { k: value }))).toContain(
      'invalid configured tracestate value for m.k',
    );
  });

  it('refuses a trailing space of the last value', () => {
    expect(refusal(() => validateTracestateMember('m', { k: 'a ' }))).toContain(
      'invalid configured tracestate value for m',
    );
  });

  it.each(['', 'M', 'a b', 'a.b', '@a', '-', 'z'.repeat(257), `${'t'.repeat(242)}@${'v'.repeat(14)}`])(
    'refuses the member key %j',
    (key) => {
      expect(refusal(() => validateTracestateMember(key, { k: 'v' }))).toContain('invalid configured tracestate:');
    },
  );

  it.each(['a', '0', 'a@', 'a@@b', 'a@b@c', 'z'.repeat(256), `${'t'.repeat(242)}@v`])(
    'takes the member key %j',
    (key) => {
      expect(() => validateTracestateMember(key, { k: 'v' })).not.toThrow();
    },
  );

  it('takes as many fields as fit in 256 characters', () => {
    const keys = Array.from({ length: 0x5e }, (_, index) => String.fromCharCode(0x21 + index)).join('');
    const fields = (count: number) =>
      Object.fromEntries([...keys.replace(/[,:;=]/g, '')].slice(0, count).map((key) => [key, '']));
    setTracestateEntries({ m: fields(85) });
    expect(outgoing(undefined)?.split(';')).toHaveLength(85);
    expect(refusal(() => validateTracestateMember('m', fields(86)))).toBe('invalid configured tracestate: m');
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`f${index}`, '']));
    expect(refusal(() => validateTracestateMember('m', many))).toBe('invalid configured tracestate: m');
  });

  it('refuses more than 256 characters', () => {
    expect(() => validateTracestateMember('m', { k: 'v'.repeat(254) })).not.toThrow();
    expect(refusal(() => validateTracestateMember('m', { k: 'v'.repeat(255) }))).toContain(
      'invalid configured tracestate:',
    );
  });
});

describe('validateTracestateEntries', () => {
  it.each<[json: string, message: string]>([
    ['null', 'invalid configured tracestate'],
    ['{"m":null}', 'invalid configured tracestate: m'],
    ['{"m":{"k":null}}', 'invalid configured tracestate value for m.k'],
    ['{"m":{"k":5}}', 'invalid configured tracestate value for m.k'],
    ['{"m":{"k":["v"]}}', 'invalid configured tracestate value for m.k'],
  ])('refuses the JSON %s', (json, message) => {
    expect(refusal(() => validateTracestateEntries(JSON.parse(json)))).toBe(message);
    expect(refusal(() => setTracestateEntries(JSON.parse(json)))).toBe(message);
  });

  it('refuses a value unread that is longer than 20,000 characters', () => {
    const entries = (length: number) => ({ m: { k: 'v'.repeat(length) } });
    expect(refusal(() => validateTracestateEntries(entries(20_000)))).toBe('invalid configured tracestate: m');
    expect(refusal(() => validateTracestateEntries(entries(20_001)))).toBe(
      'invalid configured tracestate value for m.k',
    );
  });

  it('refuses more than 32 members', () => {
    const members = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, { f: 'v' }]));
    expect(() => validateTracestateEntries(members(32))).not.toThrow();
    expect(refusal(() => validateTracestateEntries(members(33)))).toContain('invalid configured tracestate:');
  });

  it('names what is not valid, and no value', () => {
    const message = refusal(() => validateTracestateEntries({ a: { x: 'v' }, b: { y: 'secret,secret' } }));
    expect(message).toBe('invalid configured tracestate value for b.y');
  });
});
