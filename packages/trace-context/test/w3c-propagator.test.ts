import { afterEach, describe, expect, it } from '@jest/globals';
import {
  createTraceState,
  defaultTextMapGetter,
  defaultTextMapSetter,
  INVALID_SPAN_CONTEXT,
  propagation,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api';
import { setTracestateEntries, W3cPropagator } from '../src/index.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const propagator = new W3cPropagator();
const extract = (carrier: Record<string, string | string[]>) =>
  trace.getSpanContext(propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter));

afterEach(() => {
  setTracestateEntries({});
  propagation.disable();
});

describe('W3cPropagator', () => {
  it('can be installed globally and carries a trace through', () => {
    propagation.setGlobalPropagator(new W3cPropagator());
    const outgoing = {};
    propagation.inject(propagation.extract(ROOT_CONTEXT, { traceparent, tracestate: 'a=1, b=2' }), outgoing);
    expect(outgoing).toEqual({ traceparent, tracestate: 'a=1,b=2' });
    expect(propagation.fields()).toEqual(['traceparent', 'tracestate']);
  });

  it('sets the headers of the span in the given context', () => {
    const key = Symbol('key');
    const context = propagator.extract(ROOT_CONTEXT.setValue(key, 'value'), { traceparent }, defaultTextMapGetter);
    expect(context.getValue(key)).toBe('value');
    const outgoing = {};
    propagator.inject(context, outgoing, defaultTextMapSetter);
    expect(outgoing).toStrictEqual({ traceparent });
  });

  it('reads one header in an array and joins several tracestates', () => {
    expect(extract({ traceparent: [traceparent], tracestate: ['a=1', 'b=2'] })?.traceState?.serialize()).toBe(
      'a=1,b=2',
    );
  });

  it.each([
    ['no traceparent', {}],
    ['two traceparents', { traceparent: [traceparent, traceparent] }],
    ['a malformed traceparent', { traceparent: 'bad' }],
  ])('returns the given context for %s', (_what, carrier: Record<string, string | string[]>) => {
    const base = ROOT_CONTEXT.setValue(Symbol('key'), 'value');
    expect(propagator.extract(base, carrier, defaultTextMapGetter)).toBe(base);
  });

  it.each([
    '{"traceparent":{"toString":1}}',
    `{"traceparent":"${traceparent}","tracestate":[{"toString":1}]}`,
    '{"traceparent":null,"tracestate":5}',
  ])('returns the given context for the JSON %s, and does not throw', (json) => {
    expect(propagator.extract(ROOT_CONTEXT, JSON.parse(json), defaultTextMapGetter)).toBe(ROOT_CONTEXT);
  });

  it('writes nothing without a valid span context', () => {
    for (const context of [ROOT_CONTEXT, trace.setSpanContext(ROOT_CONTEXT, INVALID_SPAN_CONTEXT)]) {
      const outgoing = {};
      propagator.inject(context, outgoing, defaultTextMapSetter);
      expect(outgoing).toEqual({});
    }
  });

  it('merges configured tracestate, also into the looser state of another library', () => {
    setTracestateEntries({ mine: { field: 'value' } });
    const spanContext = extract({ traceparent });
    const outgoing = {};
    propagator.inject(
      trace.setSpanContext(ROOT_CONTEXT, {
        ...(spanContext ?? INVALID_SPAN_CONTEXT),
        traceState: createTraceState('other=1'),
      }),
      outgoing,
      defaultTextMapSetter,
    );
    expect(outgoing).toEqual({ traceparent, tracestate: 'mine=field:value,other=1' });
  });
});
