import { describe, expect, it } from '@jest/globals';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import fc from 'fast-check';
import type { TokenUsage } from '../src/index.ts';
import {
  addTokenUsage,
  checkedTokenUsage,
  errorType,
  NO_TOKEN_USAGE,
  nonCachedInputTokens,
  recordResponseTokenUsage,
  recordTurnTokenUsage,
  startTurn,
  subtractTokenUsage,
  tokenCostMicroUsd,
} from '../src/index.ts';
import { recordSpans } from './recorded-spans.ts';

const refusing = new Proxy(
  {},
  {
    get() {
      throw new Error('get');
    },
    ownKeys() {
      throw new Error('ownKeys');
    },
  },
);
const anything = fc.oneof(fc.constant(refusing), fc.anything({ withBigInt: true, withNullPrototype: true }));
/** What JavaScript lets a caller pass. */
const as = <T>(value: unknown): T => value as T;

describe('whatever a caller passes', () => {
  it('arithmetic gives valid usage', () => {
    fc.assert(
      fc.property(anything, anything, (a, b) => {
        expect(checkedTokenUsage(addTokenUsage(as(a), as(b)))).toBeDefined();
        expect(checkedTokenUsage(subtractTokenUsage(as(a), as(b)))).toBeDefined();
        expect(nonCachedInputTokens(as(a))).toBeGreaterThanOrEqual(0);
        expect(typeof errorType(a)).toBe('string');
      }),
    );
  });

  it('a cost is a number, or the price is refused with its name', () => {
    const usage: TokenUsage = addTokenUsage(as({}), as({}));
    fc.assert(
      fc.property(anything, anything, (tokens, input) => {
        expect(Number.isFinite(tokenCostMicroUsd(as(tokens), { input: 1, output: '2.5' }))).toBe(true);
        try {
          expect(Number.isFinite(tokenCostMicroUsd(usage, { input: as(input), output: 1 }))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          expect((error as Error).message).toContain('input');
        }
      }),
    );
  });

  it('only whole numbers are recorded', () => {
    fc.assert(
      fc.property(anything, anything, (usage, ids) => {
        const spans = recordSpans();
        const span = spans.tracer.startSpan('span');
        recordResponseTokenUsage(span, as(usage), as(ids));
        recordTurnTokenUsage(span, as(usage));
        span.end();
        expect(spans.only().attributes).toEqual({});
      }),
    );
  });

  it('ids that cannot be read do not affect the usage', () => {
    fc.assert(
      fc.property(anything, (ids) => {
        const spans = recordSpans();
        const span = spans.tracer.startSpan('span');
        recordResponseTokenUsage(span, NO_TOKEN_USAGE, as(ids));
        span.end();
        expect(Object.keys(spans.only().attributes)).toHaveLength(6);
      }),
    );
  });

  it('a turn starts and ends', () => {
    fc.assert(
      fc.property(anything, anything, anything, (value, outcome, usage) => {
        const { tracer, finished } = recordSpans();
        for (const options of [as(value), { parent: value, tracer }, { task: value, links: value, tracer }]) {
          const turn = startTurn(as(options));
          turn.addResponse(as(usage));
          turn.become(as(value));
          turn.end(as(outcome));
          expect(turn.usage).toEqual(turn.sessionUsage);
        }
        for (const span of finished()) {
          expect(['completed', 'aborted', 'failed']).toContain(span.attributes['codex.turn.outcome']);
          expect(span.status.message).toBeUndefined();
          expect([SpanStatusCode.UNSET, SpanStatusCode.ERROR]).toContain(span.status.code);
        }
      }),
    );
    trace.disable();
  });
});
