import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { createTraceState, INVALID_SPAN_CONTEXT, trace } from '@opentelemetry/api';
import { extractW3cTraceHeaders, injectSpanW3cTraceHeaders } from '../src/index.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${spanId}-01`;
const span = trace.wrapSpanContext({ traceId, spanId, traceFlags: 1 });
const spanWithState = trace.wrapSpanContext({ ...span.spanContext(), traceState: createTraceState('a=1') });
const stale = { TraceParent: `00-${'1'.repeat(32)}-${spanId}-00`, TRACESTATE: 'stale=1', Accept: '*/*' };

describe('injectSpanW3cTraceHeaders', () => {
  it('replaces stale values in an object, in any letter case', () => {
    const headers: Record<string, string> = { ...stale };
    expect(injectSpanW3cTraceHeaders(spanWithState, headers)).toBe(true);
    expect(headers).toEqual({ Accept: '*/*', traceparent, tracestate: 'a=1' });
  });

  it('replaces stale values in a Map', () => {
    const headers = new Map(Object.entries(stale));
    expect(injectSpanW3cTraceHeaders(spanWithState, headers)).toBe(true);
    expect(Object.fromEntries(headers)).toEqual({ Accept: '*/*', traceparent, tracestate: 'a=1' });
  });

  it('replaces stale values in Headers', () => {
    const headers = new Headers(stale);
    expect(injectSpanW3cTraceHeaders(spanWithState, headers)).toBe(true);
    expect(Object.fromEntries(headers)).toEqual({ accept: '*/*', traceparent, tracestate: 'a=1' });
  });

  it.each([
    ['an object', { ...stale }],
    ['a Map', new Map(Object.entries(stale))],
    ['Headers', new Headers(stale)],
  ])('removes a stale tracestate from %s when the span has none', (_shape, headers) => {
    expect(injectSpanW3cTraceHeaders(span, headers)).toBe(true);
    expect(extractW3cTraceHeaders(headers)).toEqual({ traceparent });
  });

  it('leaves headers of similar names', () => {
    const others = { 'x-traceparent': '1', 'traceparent-x': '2', tracestates: '3', trace: '4' };
    const headers: Record<string, string> = { ...others };
    expect(injectSpanW3cTraceHeaders(span, headers)).toBe(true);
    expect(headers).toEqual({ ...others, traceparent });
  });

  it('does not change the headers if the span is invalid', () => {
    const headers = { ...stale };
    expect(injectSpanW3cTraceHeaders(trace.wrapSpanContext(INVALID_SPAN_CONTEXT), headers)).toBe(false);
    expect(headers).toEqual(stale);
  });

  it('returns false for immutable headers, and does not throw', () => {
    const headers = Object.freeze({ accept: '*/*' });
    expect(injectSpanW3cTraceHeaders(span, headers)).toBe(false);
    expect(headers).toEqual({ accept: '*/*' });
    expect(injectSpanW3cTraceHeaders(span, Response.redirect('http://localhost', 302).headers)).toBe(false);
  });
});

describe('extractW3cTraceHeaders', () => {
  const carried = { traceparent, tracestate: 'a=1,b=2' };

  it.each<[shape: string, headers: Parameters<typeof extractW3cTraceHeaders>[0]]>([
    ['an object', carried],
    ['another letter case', { TraceParent: traceparent, TRACESTATE: 'a=1,b=2' }],
    ['arrays in an object', { traceparent: [traceparent], tracestate: ['a=1', 'b=2'] }],
    ['IncomingHttpHeaders', { traceparent, tracestate: 'a=1, b=2', 'set-cookie': ['x'] } satisfies IncomingHttpHeaders],
    ['a Map', new Map(Object.entries(carried))],
    ['Headers', new Headers(carried)],
    ['a raw list', ['accept', '*/*', 'Traceparent', traceparent, 'tracestate', 'a=1', 'TraceState', ' b=2 ']],
  ])('reads %s', (_shape, headers) => {
    expect(extractW3cTraceHeaders(headers)).toEqual(carried);
  });

  it('reads the headers among others of any name and kind', () => {
    expect(extractW3cTraceHeaders({ set: '1', delete: '2', constructor: '3', ...carried })).toEqual(carried);
    expect(extractW3cTraceHeaders(JSON.parse(`[5, "x", null, 6, "traceparent", "${traceparent}"]`))).toEqual({
      traceparent,
    });
  });

  it.each<[what: string, headers: Parameters<typeof extractW3cTraceHeaders>[0]]>([
    ['no headers', undefined],
    ['nothing', {}],
    ['an empty list', []],
    ['a tracestate alone', { tracestate: 'a=1' }],
    ['two traceparents in a raw list', ['traceparent', traceparent, 'traceparent', traceparent]],
    ['two traceparents in an array', { traceparent: [traceparent, traceparent] }],
    ['two traceparents joined', { traceparent: `${traceparent}, ${traceparent}` }],
    ['two letter cases', { traceparent, Traceparent: traceparent }],
    ['a value that is a name', ['accept', 'traceparent', traceparent, 'x']],
    ['a name without a value', ['traceparent']],
    ['a number', { traceparent: 5 }],
  ])('returns undefined for %s', (_what, headers) => {
    expect(extractW3cTraceHeaders(headers)).toBeUndefined();
  });

  it.each([
    '{"traceparent":{"toString":1}}',
    '{"traceparent":[[{"toString":1}]]}',
    '["traceparent",{"toString":1}]',
    '[{"toString":1},"x"]',
    '{"set":1,"traceparent":{}}',
    '"traceparent"',
    '5',
    'null',
  ])('returns undefined for the JSON %s, and does not throw', (json) => {
    expect(extractW3cTraceHeaders(JSON.parse(json))).toBeUndefined();
  });

  it('leaves out tracestate that is not valid, and flags that are not known', () => {
    expect(extractW3cTraceHeaders({ traceparent: traceparent.replace(/01$/, 'f1'), tracestate: 'a=1,A=2' })).toEqual({
      traceparent,
    });
  });

  it('writes a later version as version 00', () => {
    expect(extractW3cTraceHeaders({ traceparent: `cc${traceparent.slice(2)}-more` })).toEqual({ traceparent });
  });

  it('refuses a tracestate that is longer than any could need to be', () => {
    const padded = (length: number) => `a=1${' '.repeat(length - 3)}`;
    expect(extractW3cTraceHeaders({ traceparent, tracestate: padded(20_000) })).toHaveProperty('tracestate', 'a=1');
    expect(extractW3cTraceHeaders({ traceparent, tracestate: padded(20_001) })).not.toHaveProperty('tracestate');
    expect(extractW3cTraceHeaders({ traceparent, tracestate: 'a=1,'.repeat(2 ** 18) })).toEqual({ traceparent });
  });

  it.each([
    'a=1,a=2',
    'a=1,a=1',
    'b=0,a=1,a=2',
    'a=1,ba=1,a=2',
    'a@a=1,a=1,a@a=2',
    `${'x'.repeat(256)}=1,${'x'.repeat(256)}=2`,
    Array.from({ length: 32 }, () => 'a=1').join(),
  ])('keeps %j: keys may be repeated', (tracestate) => {
    expect(extractW3cTraceHeaders({ traceparent, tracestate })).toEqual({ traceparent, tracestate });
    const headers = tracestate.split(',').flatMap((member) => ['tracestate', member]);
    expect(extractW3cTraceHeaders(['traceparent', traceparent, ...headers])).toEqual({ traceparent, tracestate });
  });

  it('counts repeated keys among the 32', () => {
    const tracestate = Array.from({ length: 33 }, () => 'a=1').join();
    expect(extractW3cTraceHeaders({ traceparent, tracestate })).toEqual({ traceparent });
  });

  it('does not count empty members', () => {
    const list = (count: number) => Array.from({ length: count }, (_, index) => `k${index}=v`).join(', ,');
    expect(extractW3cTraceHeaders({ traceparent, tracestate: `,${list(32)},` })?.tracestate?.split(',')).toHaveLength(
      32,
    );
    expect(extractW3cTraceHeaders({ traceparent, tracestate: `,${list(33)},` })).toEqual({ traceparent });
  });

  it('reads a list independently of the one before', () => {
    const lists = ['a=1', ' a=1 ', 'a=1', 'A=1', 'a=1', '', 'b=2', 'b=2', undefined, 'b=2', ',', 'A=1', 'b=2'];
    const read = lists.map((tracestate) => extractW3cTraceHeaders({ traceparent, tracestate })?.tracestate ?? '');
    expect(read).toEqual(['a=1', 'a=1', 'a=1', '', 'a=1', '', 'b=2', 'b=2', '', 'b=2', '', '', 'b=2']);
  });

  it('accepts the longest possible list', () => {
    const key = (index: number) => `k${String(index).padStart(255, '0')}`;
    const tracestate = Array.from({ length: 32 }, (_, index) => `${key(index)}=${'v'.repeat(256)}`).join(',');
    expect(extractW3cTraceHeaders({ traceparent, tracestate })).toEqual({ traceparent, tracestate });
  });
});
