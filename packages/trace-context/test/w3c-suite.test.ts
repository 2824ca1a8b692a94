import { describe, expect, it } from '@jest/globals';
import type { Context, TextMapGetter } from '@opentelemetry/api';
import { defaultTextMapSetter, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import {
  contextFromW3cTraceContext,
  extractW3cTraceHeaders,
  injectSpanW3cTraceHeaders,
  parseTraceparent,
  W3cPropagator,
} from '../src/index.ts';

// The 41 cases of the W3C validation suite (levels 1 and 2) as data, https://github.com/w3c/trace-context/tree/main/test.
// Each request goes through a service that starts a span of its own and makes a call, as the suite's own services do.

const TRACE_ID = '12345678901234567890123456789012';
const PARENT_ID = '1234567890123456';
const VALID = `00-${TRACE_ID}-${PARENT_ID}-01`;

type Header = readonly [name: string, value: string];

interface Request {
  readonly headers: readonly Header[];
  /** Whether the trace continues; otherwise a new one must start. */
  readonly continued: boolean;
  /** The expected tracestate of the call; absent if the suite does not check it. */
  readonly tracestate?: string;
}

const traceparent = (value: string): Header => ['traceparent', value];
const continued = (...headers: Header[]): Request => ({ headers, continued: true });
const restarted = (...headers: Header[]): Request => ({ headers, continued: false });
/** A valid traceparent with these tracestate headers, and what is sent. */
const state = (values: readonly string[], tracestate: string): Request => ({
  headers: [traceparent(VALID), ...values.map((value): Header => ['tracestate', value])],
  continued: true,
  tracestate,
});
const refused = (...values: string[]): Request => state(values, '');

const numbered = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index).padStart(2, '0'))
    .map((number) => `bar${number}=${number}`)
    .join(',');
const ascii = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCharCode(from + index)).join('');
const keyCharacters = `${ascii(0x61, 0x7a)}0123456789_-*/`;
const valueCharacters = ascii(0x20, 0x2b) + ascii(0x2d, 0x3c) + ascii(0x3e, 0x7e);

const traceContextCases: Readonly<Record<string, readonly Request[]>> = {
  'both headers missing': [restarted()],
  'traceparent alone': [continued(traceparent(VALID))],
  'traceparent twice': [
    restarted(traceparent(`00-12345678901234567890123456789011-${PARENT_ID}-01`), traceparent(VALID)),
  ],
  'traceparent under wrong names': [restarted(['trace-parent', VALID]), restarted(['trace.parent', VALID])],
  'traceparent in any letter case': [
    continued(['TraceParent', VALID]),
    continued(['TrAcEpArEnT', VALID]),
    continued(['TRACEPARENT', VALID]),
  ],
  'version 00 with more after it': [
    restarted(traceparent(`${VALID}.`)),
    restarted(traceparent(`${VALID}-what-the-future-will-be-like`)),
  ],
  'version cc': [
    continued(traceparent(`cc${VALID.slice(2)}`)),
    continued(traceparent(`cc${VALID.slice(2)}-what-the-future-will-be-like`)),
    restarted(traceparent(`cc${VALID.slice(2)}.what-the-future-will-be-like`)),
  ],
  'version ff': [restarted(traceparent(`ff${VALID.slice(2)}`))],
  'illegal characters in the version': [
    restarted(traceparent(`.0${VALID.slice(2)}`)),
    restarted(traceparent(`0.${VALID.slice(2)}`)),
  ],
  'a version too long': [restarted(traceparent(`0${VALID}`)), restarted(traceparent(`00${VALID}`))],
  'a version too short': [restarted(traceparent(VALID.slice(1)))],
  'an all-zero trace id': [restarted(traceparent(`00-${'0'.repeat(32)}-${PARENT_ID}-01`))],
  'illegal characters in the trace id': [
    restarted(traceparent(`00-.${TRACE_ID.slice(1)}-${PARENT_ID}-01`)),
    restarted(traceparent(`00-${TRACE_ID.slice(0, 31)}.-${PARENT_ID}-01`)),
  ],
  'a trace id too long': [restarted(traceparent(`00-${TRACE_ID}3-${PARENT_ID}-01`))],
  'a trace id too short': [restarted(traceparent(`00-${TRACE_ID.slice(0, 31)}-${PARENT_ID}-01`))],
  'an all-zero parent id': [restarted(traceparent(`00-${TRACE_ID}-${'0'.repeat(16)}-01`))],
  'illegal characters in the parent id': [
    restarted(traceparent(`00-${TRACE_ID}-.${PARENT_ID.slice(1)}-01`)),
    restarted(traceparent(`00-${TRACE_ID}-${PARENT_ID.slice(0, 15)}.-01`)),
  ],
  'a parent id too long': [restarted(traceparent(`00-${TRACE_ID}-${PARENT_ID}7-01`))],
  'a parent id too short': [restarted(traceparent(`00-${TRACE_ID}-${PARENT_ID.slice(0, 15)}-01`))],
  'illegal characters in the flags': [
    restarted(traceparent(`00-${TRACE_ID}-${PARENT_ID}-.0`)),
    restarted(traceparent(`00-${TRACE_ID}-${PARENT_ID}-0.`)),
  ],
  'flags too long': [restarted(traceparent(`00-${TRACE_ID}-${PARENT_ID}-001`))],
  'the random flag of level 2, and flags that are not known': ['02', '03', 'ff'].map((flags) =>
    continued(traceparent(`00-${TRACE_ID}-${PARENT_ID}-${flags}`)),
  ),
  'flags too short': [restarted(traceparent(`00-${TRACE_ID}-${PARENT_ID}-1`))],
  'white space around traceparent': [` ${VALID}`, `\t${VALID}`, `${VALID} `, `${VALID}\t`, `\t ${VALID} \t`].map(
    (value) => continued(traceparent(value)),
  ),
  'tracestate without traceparent': [
    { ...restarted(['tracestate', 'foo=1']), tracestate: '' },
    { ...restarted(['tracestate', 'foo=1,bar=2']), tracestate: '' },
  ],
  'both headers': [state(['foo=1,bar=2'], 'foo=1,bar=2')],
  'tracestate under wrong names': [
    { ...continued(traceparent(VALID), ['trace-state', 'foo=1']), tracestate: '' },
    { ...continued(traceparent(VALID), ['trace.state', 'foo=1']), tracestate: '' },
  ],
  'tracestate in any letter case': ['TraceState', 'TrAcEsTaTe', 'TRACESTATE'].map((name) => ({
    ...continued(traceparent(VALID), [name, 'foo=1']),
    tracestate: 'foo=1',
  })),
  'an empty tracestate': [state([''], ''), state(['foo=1', ''], 'foo=1'), state(['', 'foo=1'], 'foo=1')],
  'several tracestate headers': [state(['foo=1,bar=2', 'rojo=1,congo=2', 'baz=3'], 'foo=1,bar=2,rojo=1,congo=2,baz=3')],
  'duplicate keys': [
    state(['foo=1,foo=1'], 'foo=1,foo=1'),
    state(['foo=1,foo=2'], 'foo=1,foo=2'),
    state(['foo=1', 'foo=1'], 'foo=1,foo=1'),
    state(['foo=1', 'foo=2'], 'foo=1,foo=2'),
    state(['foo=1,bar=2', 'baz=3,foo=4'], 'foo=1,bar=2,baz=3,foo=4'),
  ],
  'all characters that are allowed': [keyCharacters, `${keyCharacters}@a-z0-9_-*/`].map((key) =>
    state([`${key}=${valueCharacters}`], `${key}=${valueCharacters}`),
  ),
  'white space in tracestate': [
    state(['foo=1 \t , \t bar=2, \t baz=3'], 'foo=1,bar=2,baz=3'),
    state(['foo=1\t \t,\t \tbar=2,\t \tbaz=3'], 'foo=1,bar=2,baz=3'),
    ...[' foo=1', '\tfoo=1', 'foo=1 ', 'foo=1\t', '\t foo=1 \t'].map((value) => state([value], 'foo=1')),
  ],
  'illegal characters in a key': [refused('foo =1'), refused('FOO=1'), refused('foo.bar=1')],
  'at signs in a key': [
    state(['foo@=1,bar=2'], 'foo@=1,bar=2'),
    refused('@foo=1,bar=2'),
    state(['foo@@bar=1,bar=2'], 'foo@@bar=1,bar=2'),
    state(['foo@bar@baz=1,bar=2'], 'foo@bar@baz=1,bar=2'),
  ],
  'the number of members': [
    state([numbered(1, 10), numbered(11, 20), numbered(21, 30), numbered(31, 32)], numbered(1, 32)),
    refused(numbered(1, 10), numbered(11, 20), numbered(21, 30), numbered(31, 33)),
  ],
  'the length of a key': [
    state(['foo=1', `${'z'.repeat(256)}=1`], `foo=1,${'z'.repeat(256)}=1`),
    refused('foo=1', `${'z'.repeat(257)}=1`),
    state(['foo=1', `${'t'.repeat(241)}@${'v'.repeat(14)}=1`], `foo=1,${'t'.repeat(241)}@${'v'.repeat(14)}=1`),
    state(['foo=1', `${'t'.repeat(242)}@v=1`], `foo=1,${'t'.repeat(242)}@v=1`),
    state(['foo=1', `t@${'v'.repeat(15)}=1`], `foo=1,t@${'v'.repeat(15)}=1`),
    refused('foo=1', `${'t'.repeat(242)}@${'v'.repeat(14)}=1`),
  ],
  'illegal values': [refused('foo=bar=baz'), refused('foo=,bar=3')],
};

const severalCallsCases: Readonly<Record<string, Request>> = {
  'several calls with a valid traceparent': continued(traceparent(VALID)),
  'several calls without traceparent': restarted(),
  'several calls with an illegal traceparent': restarted(traceparent(`00-${'0'.repeat(32)}-${PARENT_ID}-01`)),
};

/** Makes one call after another from the request's context; gives the headers of each. */
type Service = (headers: readonly Header[], calls: number) => readonly Readonly<Record<string, string>>[];

const tracer = new TracerProvider().getTracer('suite');

const headerGetter: TextMapGetter<readonly Header[]> = {
  keys: (headers) => headers.map(([name]) => name),
  get: (headers, wanted) => {
    const values = headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
    return values.length > 1 ? values : values[0];
  },
};

function called(parent: Context, calls: number, inject: (context: Context, headers: Record<string, string>) => void) {
  const server = trace.setSpan(parent, tracer.startSpan('server', {}, parent));
  return Array.from({ length: calls }, () => {
    const headers: Record<string, string> = {};
    inject(trace.setSpan(server, tracer.startSpan('client', {}, server)), headers);
    return headers;
  });
}

const services: Readonly<Record<string, Service>> = {
  'the header helpers': (headers, calls) => {
    const received = extractW3cTraceHeaders(headers.flat());
    const parent = received && contextFromW3cTraceContext(received, ROOT_CONTEXT);
    return called(parent ?? ROOT_CONTEXT, calls, (context, outgoing) => {
      const span = trace.getSpan(context);
      if (span) injectSpanW3cTraceHeaders(span, outgoing);
    });
  },
  W3cPropagator: (headers, calls) => {
    const propagator = new W3cPropagator();
    const parent = propagator.extract(ROOT_CONTEXT, headers, headerGetter);
    return called(parent, calls, (context, outgoing) => propagator.inject(context, outgoing, defaultTextMapSetter));
  },
};

function expectAnswer(request: Request, outgoing: Readonly<Record<string, string>>): void {
  const parsed = parseTraceparent(outgoing.traceparent);
  expect(parsed).toBeDefined();
  expect(parsed?.traceId === TRACE_ID).toBe(request.continued);
  expect(parsed?.spanId).not.toBe(PARENT_ID);
  expect(outgoing.traceparent).toMatch(/-0[0-3]$/);
  if (request.tracestate !== undefined) expect(outgoing.tracestate ?? '').toBe(request.tracestate);
}

describe.each(Object.entries(services))('the W3C validation suite with %s', (_name, service) => {
  it.each(Object.entries(traceContextCases))('passes: %s', (_case, requests) => {
    for (const request of requests) {
      const [outgoing = {}] = service(request.headers, 1);
      expectAnswer(request, outgoing);
    }
  });

  it.each(Object.entries(severalCallsCases))('passes: %s', (_case, request) => {
    const outgoing = service(request.headers, 3);
    for (const headers of outgoing) expectAnswer(request, headers);
    expect(new Set(outgoing.map(({ traceparent: value = '' }) => parseTraceparent(value)?.spanId)).size).toBe(3);
  });
});

it('holds the 41 cases of the suite', () => {
  expect(Object.keys(traceContextCases).length + Object.keys(severalCallsCases).length).toBe(41);
});
