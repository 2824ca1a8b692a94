import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { context, createTraceState, INVALID_SPAN_CONTEXT, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import {
  contextFromW3cTraceContext,
  currentSpanTraceId,
  currentSpanW3cTraceContext,
  spanW3cTraceContext,
  withParentFromW3cTraceContext,
} from '../src/index.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const traceparent = `00-${TRACE_ID}-${SPAN_ID}-01`;
const span = trace.wrapSpanContext({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1 });

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => {
  context.disable();
});

describe('contextFromW3cTraceContext', () => {
  it('makes the remote span the active one of the context', () => {
    const remote = contextFromW3cTraceContext({ traceparent, tracestate: ' vendor=x ,other=y' }, ROOT_CONTEXT);
    const spanContext = remote && trace.getSpanContext(remote);
    expect(spanContext).toMatchObject({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1, isRemote: true });
    expect(spanContext?.traceState?.serialize()).toBe('vendor=x,other=y');
  });

  it.each([
    ['no traceparent', {}],
    ['a tracestate alone', { tracestate: 'vendor=x' }],
    ['a malformed traceparent', { traceparent: 'not-a-traceparent' }],
    ['an all-zero trace id', { traceparent: `00-${'0'.repeat(32)}-${SPAN_ID}-01` }],
    ['an all-zero parent id', { traceparent: `00-${TRACE_ID}-${'0'.repeat(16)}-01` }],
  ])('returns undefined for %s', (_what, carrier) => {
    expect(contextFromW3cTraceContext(carrier)).toBeUndefined();
  });

  it('leaves out tracestate that is not valid, as a whole', () => {
    const remote = contextFromW3cTraceContext({ traceparent, tracestate: 'vendor=x,BAD=y' });
    expect(remote && trace.getSpanContext(remote)).toEqual({
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      traceFlags: 1,
      isRemote: true,
    });
  });

  it.each([['vendor=x'], Object('vendor=x'), 5, null])(
    'leaves out what JSON can hold instead of a list, also after the same list: %j',
    (tracestate: unknown) => {
      for (const list of ['vendor=x', tracestate]) {
        const remote = contextFromW3cTraceContext({ traceparent, tracestate: list as string });
        expect(remote && trace.getSpanContext(remote)?.traceState?.serialize()).toBe(
          list === 'vendor=x' ? list : undefined,
        );
      }
    },
  );

  it.each([null, undefined])('returns undefined for %s', (remote) => {
    expect(contextFromW3cTraceContext(remote)).toBeUndefined();
    expect(withParentFromW3cTraceContext(remote, (parented) => parented)).toBe(false);
  });

  it('is made from the active context by default', () => {
    const key = Symbol('key');
    context.with(ROOT_CONTEXT.setValue(key, 'value'), () => {
      expect(contextFromW3cTraceContext({ traceparent })?.getValue(key)).toBe('value');
    });
  });
});

describe('withParentFromW3cTraceContext', () => {
  const tracer = new TracerProvider().getTracer('test');

  it('makes spans started inside children of the remote span', () => {
    const child = withParentFromW3cTraceContext({ traceparent, tracestate: 'vendor=x' }, (parented) => {
      expect(parented).toBe(true);
      return tracer.startSpan('child');
    });
    expect(child.spanContext()).toMatchObject({ traceId: TRACE_ID, traceFlags: 1 });
    expect(child.spanContext().traceState?.get('vendor')).toBe('x');
    expect('parentSpanContext' in child && child.parentSpanContext).toMatchObject({ spanId: SPAN_ID, isRemote: true });
  });

  it('stays in effect across awaits', async () => {
    const traceId = await withParentFromW3cTraceContext({ traceparent }, async () => {
      await Promise.resolve();
      return currentSpanTraceId();
    });
    expect(traceId).toBe(TRACE_ID);
  });

  it('runs the function in the active context if the trace context is invalid', () => {
    const parented = context.with(trace.setSpan(ROOT_CONTEXT, span), () =>
      withParentFromW3cTraceContext({ traceparent: 'bad' }, (given) => [given, currentSpanTraceId()]),
    );
    expect(parented).toEqual([false, TRACE_ID]);
  });
});

describe('spanW3cTraceContext', () => {
  it('has the values of both headers', () => {
    const traceState = createTraceState('vendor=x,other=y');
    expect(spanW3cTraceContext(trace.wrapSpanContext({ ...span.spanContext(), traceState }))).toEqual({
      traceparent,
      tracestate: 'vendor=x,other=y',
    });
  });

  it('has no tracestate if the span has none', () => {
    expect(spanW3cTraceContext(span)).toEqual({ traceparent });
  });

  it('is undefined for a span without a valid span context', () => {
    expect(spanW3cTraceContext(trace.wrapSpanContext(INVALID_SPAN_CONTEXT))).toBeUndefined();
  });
});

describe('currentSpanW3cTraceContext and currentSpanTraceId', () => {
  it('are of the active span', () => {
    context.with(trace.setSpan(ROOT_CONTEXT, span), () => {
      expect(currentSpanW3cTraceContext()).toEqual({ traceparent });
      expect(currentSpanTraceId()).toBe(TRACE_ID);
    });
  });

  it.each([
    ['there is no active span', ROOT_CONTEXT],
    ['the active span is not valid', trace.setSpanContext(ROOT_CONTEXT, INVALID_SPAN_CONTEXT)],
  ])('are undefined when %s', (_when, active) => {
    context.with(active, () => {
      expect(currentSpanW3cTraceContext()).toBeUndefined();
      expect(currentSpanTraceId()).toBeUndefined();
    });
  });
});
