import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Tracer } from '@opentelemetry/api';
import { context, diag, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { compactTask, regularTask, reviewTask } from '../src/session-task.ts';
import type { TokenUsage } from '../src/token-usage.ts';
import { NO_TOKEN_USAGE } from '../src/token-usage.ts';
import { startTurn } from '../src/turn.ts';
import { recordSpans } from './recorded-spans.ts';

const ids = { threadId: '01a09a08-5141-7cf0-8d2a-4c245a60c12b', turnId: 'turn-1', model: 'gpt-5.6-sol' };
const usage: TokenUsage = {
  inputTokens: 3,
  cachedInputTokens: 1,
  cacheWriteInputTokens: 0,
  outputTokens: 5,
  reasoningOutputTokens: 2,
  totalTokens: 9,
};

function usageKeys(attributes: object) {
  return Object.keys(attributes).filter((key) => key.startsWith('codex.turn.token_usage.'));
}

afterEach(() => {
  trace.disable();
  context.disable();
  diag.disable();
});

describe('startTurn', () => {
  it('starts a span with the attributes of the original, in its order', () => {
    const spans = recordSpans();
    startTurn({ ...ids, tracer: spans.tracer, reasoningEffort: 'low' }).end();
    const span = spans.only();
    expect(span.name).toBe('session_task.turn');
    expect(Object.entries(span.attributes)).toEqual([
      ['thread.id', ids.threadId],
      ['turn.id', 'turn-1'],
      ['model', 'gpt-5.6-sol'],
      ['codex.turn.reasoning_effort', 'low'],
      ['codex.turn.outcome', 'completed'],
    ]);
  });

  it('has the effort default if none is given', () => {
    const spans = recordSpans();
    startTurn({ ...ids, tracer: spans.tracer }).end();
    expect(spans.only().attributes['codex.turn.reasoning_effort']).toBe('default');
  });

  it('takes the global tracer of the service if none is given', () => {
    const spans = recordSpans();
    trace.setGlobalTracerProvider(spans.provider);
    startTurn(ids).end();
    startTurn({ ...ids, serviceName: 'codex_exec' }).end();
    expect(spans.finished().map((span) => span.instrumentationScope.name)).toEqual(['codex_cli_rs', 'codex_exec']);
  });

  it('is a child of the given parent, not of the active span', () => {
    const spans = recordSpans();
    const parent = spans.tracer.startSpan('parent');
    startTurn({ ...ids, tracer: spans.tracer, parent: trace.setSpan(ROOT_CONTEXT, parent) }).end();
    expect(spans.only().parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
  });

  it('does not let further attributes replace its own', () => {
    const spans = recordSpans();
    startTurn({ ...ids, tracer: spans.tracer, attributes: { 'turn.id': 'other', 'root.turn.id': 'turn-0' } }).end();
    expect(spans.only().attributes).toMatchObject({ 'turn.id': 'turn-1', 'root.turn.id': 'turn-0' });
  });

  it('links to the given spans', () => {
    const spans = recordSpans();
    const linked = spans.tracer.startSpan('linked').spanContext();
    startTurn({ ...ids, tracer: spans.tracer, links: [{ context: linked }] }).end();
    expect(spans.only().links.map((link) => link.context.spanId)).toEqual([linked.spanId]);
  });

  it('takes the given start and end time', () => {
    const spans = recordSpans();
    startTurn({ ...ids, tracer: spans.tracer, startTime: [1000, 0] }).end({ endTime: [1002, 500_000_000] });
    expect(spans.only().startTime).toEqual([1000, 0]);
    expect(spans.only().duration).toEqual([2, 500_000_000]);
  });

  it('runs the turn without a span when the tracer throws', () => {
    const error = jest.fn();
    diag.setLogger({ error, warn: error, info: error, debug: error, verbose: error });
    const tracer = {
      startSpan() {
        throw new Error('broken sampler');
      },
    } as unknown as Tracer;
    const turn = startTurn({ ...ids, tracer });
    turn.addResponse(usage);
    expect(turn.end()).toEqual(usage);
    expect(error).toHaveBeenCalled();
  });
});

describe('Turn.run', () => {
  it('makes the span active across awaits', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    const spans = recordSpans();
    const turn = startTurn({ ...ids, tracer: spans.tracer });
    const active = await turn.run(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return trace.getActiveSpan();
    });
    expect(active).toBe(turn.span);
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  it('keeps concurrent turns apart', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    const spans = recordSpans();
    const turns = Array.from({ length: 20 }, (_, index) => ({
      index,
      turn: startTurn({ ...ids, turnId: `turn-${index}`, tracer: spans.tracer }),
    }));
    await Promise.all(
      turns.map(({ index, turn }) =>
        turn.run(async () => {
          await new Promise((resolve) => setTimeout(resolve, (20 - index) % 5));
          expect(trace.getActiveSpan()).toBe(turn.span);
          turn.addResponse({ ...NO_TOKEN_USAGE, inputTokens: index, totalTokens: index });
          turn.end();
        }),
      ),
    );
    const totals = spans
      .finished()
      .map((span) => [span.attributes['turn.id'], span.attributes['codex.turn.token_usage.total_tokens']]);
    expect(new Map(totals as [string, number][])).toEqual(new Map(turns.map(({ index }) => [`turn-${index}`, index])));
  });

  it('passes on what its function throws', () => {
    const turn = startTurn(ids);
    expect(() =>
      turn.run(() => {
        throw new RangeError('mine');
      }),
    ).toThrow(RangeError);
  });
});

describe('Turn.addResponse', () => {
  it('sums the responses of the turn', () => {
    const spans = recordSpans();
    const turn = startTurn({ ...ids, tracer: spans.tracer });
    turn.addResponse(usage);
    turn.addResponse(usage);
    expect(turn.usage.totalTokens).toBe(18);
    turn.end();
    expect(spans.only().attributes).toMatchObject({
      'codex.turn.token_usage.input_tokens': 6,
      'codex.turn.token_usage.cached_input_tokens': 2,
      'codex.turn.token_usage.cache_write_input_tokens': 0,
      'codex.turn.token_usage.non_cached_input_tokens': 4,
      'codex.turn.token_usage.output_tokens': 10,
      'codex.turn.token_usage.reasoning_output_tokens': 4,
      'codex.turn.token_usage.total_tokens': 18,
    });
  });

  it("adds to the session's total and counts only the turn's part", () => {
    const turn = startTurn({ ...ids, sessionUsage: { ...usage, inputTokens: 1000, totalTokens: 2000 } });
    turn.addResponse(usage);
    expect(turn.sessionUsage).toMatchObject({ inputTokens: 1003, totalTokens: 2009 });
    expect(turn.end()).toEqual(usage);
    expect(startTurn({ ...ids, sessionUsage: turn.sessionUsage }).usage).toEqual(NO_TOKEN_USAGE);
  });

  it('starts at 0 when the given total is malformed', () => {
    const turn = startTurn({ ...ids, sessionUsage: { ...usage, inputTokens: -5 } });
    turn.addResponse(usage);
    expect(turn.sessionUsage).toEqual(usage);
  });

  it.each([
    ['unknown usage', undefined],
    ['negative usage', { ...usage, inputTokens: -1 }],
    ['usage as text', { ...usage, inputTokens: '3' }],
  ])('adds nothing for %s, and leaves the attributes unset', (_what, bad) => {
    const spans = recordSpans();
    const turn = startTurn({ ...ids, tracer: spans.tracer });
    turn.addResponse(bad as TokenUsage | undefined);
    turn.end();
    expect(usageKeys(spans.only().attributes)).toEqual([]);
  });

  it('sends zeros that were reported', () => {
    const spans = recordSpans();
    const turn = startTurn({ ...ids, tracer: spans.tracer });
    turn.addResponse(NO_TOKEN_USAGE);
    turn.end();
    expect(usageKeys(spans.only().attributes)).toHaveLength(7);
  });

  it('changes nothing after the end', () => {
    const turn = startTurn(ids);
    turn.addResponse(usage);
    turn.end();
    turn.addResponse(usage);
    expect(turn.usage).toEqual(usage);
  });
});

describe('Turn.become', () => {
  it('records usage of a compaction that continues as a regular turn', () => {
    const spans = recordSpans();
    const turn = startTurn({ ...ids, tracer: spans.tracer, task: compactTask });
    turn.addResponse(usage);
    turn.become(regularTask);
    expect(turn.task.kind).toBe('regular');
    turn.end();
    expect(spans.only().name).toBe('session_task.compact');
    expect(usageKeys(spans.only().attributes)).toHaveLength(7);
  });

  it('records none if a regular turn continues as one that did not opt in', () => {
    const spans = recordSpans();
    const turn = startTurn({ ...ids, tracer: spans.tracer });
    turn.addResponse(usage);
    turn.become(reviewTask);
    turn.end();
    expect(usageKeys(spans.only().attributes)).toEqual([]);
  });

  it('changes nothing after the end', () => {
    const turn = startTurn({ ...ids, task: compactTask });
    turn.end();
    turn.become(regularTask);
    expect(turn.task).toBe(compactTask);
  });

  it('depends on the task, not on the name of its span', () => {
    const spans = recordSpans();
    const task = { kind: 'custom', spanName: 'session_task.turn', recordsTurnTokenUsageOnSpan: () => false };
    const turn = startTurn({ ...ids, tracer: spans.tracer, task });
    turn.addResponse(usage);
    turn.end();
    expect(usageKeys(spans.only().attributes)).toEqual([]);
  });
});

describe('Turn.end', () => {
  it('ends once', () => {
    const complain = jest.fn();
    diag.setLogger({ error: complain, warn: complain, info: complain, debug: complain, verbose: complain });
    complain.mockClear();
    const spans = recordSpans();
    const turn = startTurn({ ...ids, tracer: spans.tracer });
    turn.end({ status: 'aborted' });
    turn.end({ status: 'failed', error: new Error('late') });
    turn[Symbol.dispose]();
    expect(spans.only().attributes['codex.turn.outcome']).toBe('aborted');
    expect(spans.only().status.code).toBe(SpanStatusCode.UNSET);
    expect(complain).not.toHaveBeenCalled();
  });

  it('gives a failed turn the status ERROR and the error type, never the message', () => {
    const spans = recordSpans();
    const error = Object.assign(new Error('secret prompt'), { code: 'insufficient_quota' });
    startTurn({ ...ids, tracer: spans.tracer }).end({ status: 'failed', error });
    const span = spans.only();
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span.attributes).toMatchObject({ 'codex.turn.outcome': 'failed', 'error.type': 'insufficient_quota' });
    expect(span.events).toEqual([]);
    expect(JSON.stringify([span.attributes, span.status])).not.toContain('secret');
  });

  it('counts a turn that ends with the error `null` as completed', () => {
    const spans = recordSpans();
    startTurn({ ...ids, tracer: spans.tracer }).end({ error: null });
    expect(spans.only().attributes).toMatchObject({ 'codex.turn.outcome': 'completed' });
  });

  it('counts a turn that ends with an error as failed', () => {
    const spans = recordSpans();
    startTurn({ ...ids, tracer: spans.tracer }).end({ error: new TypeError('x') });
    expect(spans.only().attributes).toMatchObject({ 'codex.turn.outcome': 'failed', 'error.type': 'TypeError' });
  });

  it('keeps the usage of an aborted turn, which has been paid for', () => {
    const spans = recordSpans();
    const turn = startTurn({ ...ids, tracer: spans.tracer });
    turn.addResponse(usage);
    turn.end({ status: 'aborted' });
    expect(usageKeys(spans.only().attributes)).toHaveLength(7);
  });

  it('survives a task that throws', () => {
    const spans = recordSpans();
    const task = {
      kind: 'custom',
      spanName: 'session_task.custom',
      recordsTurnTokenUsageOnSpan() {
        throw new Error('no');
      },
    };
    const turn = startTurn({ ...ids, tracer: spans.tracer, task });
    turn.addResponse(usage);
    expect(turn.end()).toEqual(usage);
    expect(spans.only().name).toBe('session_task.custom');
  });
});

describe('Turn[Symbol.dispose]', () => {
  it('ends a turn that was not ended as aborted', () => {
    const spans = recordSpans();
    startTurn({ ...ids, tracer: spans.tracer })[Symbol.dispose]();
    expect(spans.only().attributes['codex.turn.outcome']).toBe('aborted');
  });
});
