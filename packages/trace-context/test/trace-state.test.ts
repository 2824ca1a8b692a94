import { describe, expect, it } from '@jest/globals';
import type { TraceState } from '@opentelemetry/api';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { contextFromW3cTraceContext } from '../src/index.ts';

function stateOf(tracestate: string): TraceState {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const context = contextFromW3cTraceContext({ traceparent, tracestate }, ROOT_CONTEXT);
  const state = context && trace.getSpanContext(context)?.traceState;
  if (!state) throw new Error('there is no state');
  return state;
}

describe('the trace state of a remote span', () => {
  it('gives the values of members', () => {
    const state = stateOf('a=1,b=x y');
    expect([state.get('a'), state.get('b'), state.get('c'), state.get(''), state.get('a=1,b')]).toEqual([
      '1',
      'x y',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('sets members in front', () => {
    expect(stateOf('a=1,b=2').set('b', '3').set('c', '4').serialize()).toBe('c=4,b=3,a=1');
  });

  it('removes members', () => {
    const state = stateOf('a=1,b=2');
    expect(state.unset('a').serialize()).toBe('b=2');
    expect(state.unset('a').unset('b').serialize()).toBe('');
    expect(state.unset('a').unset('b').set('c', '3').serialize()).toBe('c=3');
    expect(state.serialize()).toBe('a=1,b=2');
  });

  it.each([
    ['', '1'],
    ['A', '1'],
    ['b', ''],
    ['b', 'x,y=1'],
    ['b', 'x=y'],
    ['b', 'x '],
    ['b', 'x\n'],
    [' b', 'x'],
    ['b=1,c', 'x'],
    ['b', 'x'.repeat(257)],
  ])('does not set %j to %j', (key, value) => {
    expect(stateOf('a=1').set(key, value).serialize()).toBe('a=1');
  });

  it('keeps a repeated key, and returns the first value', () => {
    const state = stateOf('a=1,b=2,a=3');
    expect(state.serialize()).toBe('a=1,b=2,a=3');
    expect(state.get('a')).toBe('1');
    expect(state.set('a', '4').serialize()).toBe('a=4,b=2');
    expect(state.unset('a').serialize()).toBe('b=2');
  });

  it('does not grow beyond 32 members', () => {
    const list = Array.from({ length: 32 }, (_, index) => `k${index}=v`).join(',');
    expect(stateOf(list).set('more', 'v').serialize()).toBe(list);
    expect(stateOf(list).set('k31', 'w').get('k31')).toBe('w');
  });
});
