import { expect, it } from '@jest/globals';
import * as traceContext from '../src/index.ts';

it('exports these values', () => {
  expect(Object.keys(traceContext).sort()).toEqual([
    'TracestateError',
    'W3cPropagator',
    'childProcessEnv',
    'contextFromW3cTraceContext',
    'createW3cTraceContext',
    'currentSpanTraceId',
    'currentSpanW3cTraceContext',
    'extractW3cTraceHeaders',
    'formatTraceparent',
    'injectSpanW3cTraceHeaders',
    'isTracestateError',
    'parseTraceparent',
    'setTracestateEntries',
    'spanW3cTraceContext',
    'traceContextToEnv',
    'traceparentContextFromEnv',
    'validateTracestateEntries',
    'validateTracestateMember',
    'withParentFromW3cTraceContext',
  ]);
});
