import { afterEach, describe, expect, it } from '@jest/globals';
import { createTraceState, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import fc from 'fast-check';
import {
  contextFromW3cTraceContext,
  createW3cTraceContext,
  extractW3cTraceHeaders,
  formatTraceparent,
  injectSpanW3cTraceHeaders,
  isTracestateError,
  parseTraceparent,
  setTracestateEntries,
  spanW3cTraceContext,
  traceContextToEnv,
  traceparentContextFromEnv,
  W3cPropagator,
} from '../src/index.ts';

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const id = (length: number) => hex(length).filter((digits) => !/^0+$/.test(digits));
const parsed = fc.record({ traceId: id(32), spanId: id(16), traceFlags: fc.integer({ min: 0, max: 3 }) });

/** Any bytes, and bytes that are nearly valid. */
const nearTraceparent = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'0af-fF ,\t\r\n\u0000') }),
  fc
    .tuple(parsed.map(formatTraceparent), fc.string({ unit: 'binary', maxLength: 3 }), fc.nat(60))
    .map(([header, noise, at]) => header.slice(0, at) + noise + header.slice(at)),
);
const nearTracestate = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'ab1@=,;: \t\r\n\u0000Aä'), maxLength: 60 }),
  fc
    .array(fc.tuple(fc.stringMatching(/^[a-c0@]{1,3}$/), fc.stringMatching(/^[a-c: ;]{0,3}$/)), { maxLength: 36 })
    .map((members) => members.map((member) => member.join('=')).join(',')),
);

// The recommendation again, written in a slow and simple way, to compare with the pattern of the source.
const memberKey = /^[a-z0-9][a-z0-9_\-*/@]{0,255}$/;
const memberValue = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

function expectedList(list: string): string {
  const parts = list.split(',').map((part) => part.replace(/^[ \t]+/, '').replace(/[ \t]+$/, ''));
  const members = parts.filter((part) => part !== '').map((part) => ({ part, at: part.indexOf('=') }));
  const valid = members.every(
    ({ part, at }) => memberKey.test(part.slice(0, Math.max(at, 0))) && memberValue.test(part.slice(at + 1)),
  );
  return valid && members.length <= 32 ? members.map(({ part }) => part).join(',') : '';
}

const validHeader = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[0-3]$/;

/** Fails if a header, variable or field could be misread. */
function expectValid(carried: { readonly traceparent?: string; readonly tracestate?: string } | undefined): void {
  if (!carried) return;
  expect(carried.traceparent).toMatch(validHeader);
  if (carried.tracestate === undefined) return;
  expect(carried.tracestate).not.toBe('');
  expect(expectedList(carried.tracestate)).toBe(carried.tracestate);
}

afterEach(() => setTracestateEntries({}));

describe('any input', () => {
  it('gives valid headers or none, through every way in and out', () => {
    fc.assert(
      fc.property(nearTraceparent, nearTracestate, (traceparent, tracestate) => {
        const carried = { traceparent, tracestate };
        expectValid(extractW3cTraceHeaders(carried));
        expectValid(extractW3cTraceHeaders(['traceparent', traceparent, 'tracestate', tracestate]));
        const context = contextFromW3cTraceContext(carried, ROOT_CONTEXT);
        const span = context && trace.getSpan(context);
        expectValid(span && spanW3cTraceContext(span));
        const child = createW3cTraceContext(carried);
        expect(child.traceparent).toMatch(validHeader);
        if (child.tracestate !== undefined) expect(expectedList(child.tracestate)).not.toBe('');
        const fromEnv = traceparentContextFromEnv({ TRACEPARENT: traceparent, TRACESTATE: tracestate });
        const { TRACEPARENT, TRACESTATE } = traceContextToEnv(fromEnv && trace.getSpan(fromEnv));
        if (TRACEPARENT) expectValid({ traceparent: TRACEPARENT, ...(TRACESTATE && { tracestate: TRACESTATE }) });
      }),
      { numRuns: 2000 },
    );
  });

  it('in a span of another library gives valid headers or none', () => {
    fc.assert(
      fc.property(
        nearTraceparent,
        nearTraceparent,
        fc.double(),
        nearTracestate,
        (traceId, spanId, traceFlags, list) => {
          const traceState = { ...createTraceState(), serialize: () => list };
          const headers: Record<string, string> = {};
          injectSpanW3cTraceHeaders(trace.wrapSpanContext({ traceId, spanId, traceFlags, traceState }), headers);
          if (Object.keys(headers).length > 0) expectValid(headers);
        },
      ),
    );
    fc.assert(
      fc.property(parsed, nearTracestate, (spanContext, list) => {
        const traceState = { ...createTraceState(), serialize: () => list };
        expectValid(spanW3cTraceContext(trace.wrapSpanContext({ ...spanContext, traceState })));
      }),
    );
  });

  it('in any header is read by the propagator without an error', () => {
    const value = fc.oneof(nearTraceparent, fc.array(nearTraceparent, { maxLength: 3 }), fc.constant(undefined));
    fc.assert(
      fc.property(value, value, (traceparent, tracestate) => {
        const getter = {
          keys: () => [],
          get: (_: unknown, name: string) => (name === 'traceparent' ? traceparent : tracestate),
        };
        const outgoing: Record<string, string> = {};
        const propagator = new W3cPropagator();
        propagator.inject(propagator.extract(ROOT_CONTEXT, {}, getter), outgoing, {
          set: (carrier, name, text) => {
            carrier[name] = text;
          },
        });
        if (Object.keys(outgoing).length > 0) expectValid(outgoing);
      }),
    );
  });

  it('in a raw list of headers is read without an error', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom('traceparent', 'TraceState'), nearTracestate)), (list) => {
        expectValid(extractW3cTraceHeaders(list));
      }),
    );
  });

  it('to configure is refused with an error of ours, or merged into valid headers', () => {
    const text = fc.oneof(fc.stringMatching(/^[a-c;: ]{0,4}$/), nearTracestate);
    const entries = fc.dictionary(text, fc.dictionary(text, text, { maxKeys: 3 }), { maxKeys: 3 });
    fc.assert(
      fc.property(entries, parsed, nearTracestate, (configured, spanContext, list) => {
        try {
          setTracestateEntries(configured);
        } catch (error) {
          expect(isTracestateError(error)).toBe(true);
        }
        const traceState = { ...createTraceState(), serialize: () => list };
        expectValid(spanW3cTraceContext(trace.wrapSpanContext({ ...spanContext, traceState })));
      }),
    );
  });
});

describe('valid input', () => {
  it('is the same after format and parse', () => {
    fc.assert(
      fc.property(parsed, (fields) => {
        const header = formatTraceparent(fields);
        expect(parseTraceparent(header)).toEqual(fields);
        expect(formatTraceparent(parseTraceparent(header) ?? fields)).toBe(header);
      }),
    );
  });

  it('is read as the recommendation says', () => {
    fc.assert(
      fc.property(parsed.map(formatTraceparent), nearTracestate, (traceparent, tracestate) => {
        expect(extractW3cTraceHeaders({ traceparent, tracestate })?.tracestate ?? '').toBe(expectedList(tracestate));
      }),
      { numRuns: 5000 },
    );
  });
});
