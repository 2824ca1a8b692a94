import { describe, expect, it } from '@jest/globals';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import type { SessionTurn } from '../../src/turn/session-turn.ts';
import type { FakeSession } from './fake-session.ts';
import { fakeSession, nanosOf } from './fake-session.ts';
import { ANSWER, FAILURE, readAll, streamOf, TOOL_CALL } from './response-streams.ts';

const shell = { toolName: 'shell', callId: 'call_1', arguments: '{}' };

/** A turn with a clock that the test moves. */
function timedTurn(fake: FakeSession = fakeSession()) {
  let moment = 1000;
  const turn = fake.startTurn({ now: () => moment });
  const pass = (millis: number): void => {
    moment += millis;
  };
  const profile = (): Readonly<Record<string, unknown>> => {
    turn.end();
    const told = fake.told('recordTurnProfile').find(({ turnId }) => turnId === 'turn-1');
    return Object.fromEntries(Object.entries(told ?? {}).filter(([, value]) => value !== 0 && value !== 'turn-1'));
  };
  return { fake, turn, pass, profile, now: () => moment };
}

/** How long a span took, without the rounding of the time of day. */
const millisOf = ({ startTime, endTime }: ReadableSpan): number =>
  Math.round(Number(nanosOf(endTime) - nanosOf(startTime)) / 1e6);

/** A stream whose events take their time. */
async function* slowly(pass: (millis: number) => void, millis: number, events = ANSWER) {
  for (const event of events) {
    pass(millis / events.length);
    yield event;
  }
}

describe('the profile of a turn', () => {
  it('distinguishes the model, tools, the user, a reviewer, and the rest', async () => {
    const { turn, pass, profile } = timedTurn();
    pass(10);
    const request = () => {
      pass(100);
      return slowly(pass, 160);
    };
    await readAll(await turn.observeResponse(request));
    pass(5);
    const review = turn.requestApproval({ ...shell, reviewer: 'AutomatedReviewer' });
    pass(40);
    review.end('approved');
    const approval = turn.requestApproval(shell);
    pass(300);
    approval.end('approved');
    await turn.tool(shell, () => pass(200));
    pass(20);
    expect(profile()).toEqual({
      durationMillis: 835,
      inferenceMillis: 260,
      toolsMillis: 200,
      userWaitMillis: 300,
      autoReviewMillis: 40,
      overheadMillis: 35,
      samplingRequestCount: 1,
    });
  });

  it('is recorded on the turn, before it ends, and once', () => {
    const { fake, turn, pass } = timedTurn();
    pass(7);
    turn.end({ status: 'aborted' });
    turn.end();
    expect(fake.calls.filter(({ method }) => method === 'recordTurnProfile')).toMatchObject([
      { options: { turnId: 'turn-1', durationMillis: 7 }, spanId: turn.span.spanContext().spanId },
    ]);
  });

  it('counts waiting for the user within a tool as waiting for the user', async () => {
    const { turn, pass, profile } = timedTurn();
    await turn.tool(shell, () => {
      pass(50);
      const approval = turn.requestApproval(shell);
      pass(300);
      approval.end();
      pass(50);
    });
    expect(profile()).toEqual({ durationMillis: 400, toolsMillis: 100, userWaitMillis: 300 });
  });

  it('counts parallel and nested tools once', async () => {
    const { turn, pass, profile } = timedTurn();
    const outer = turn.tool(shell, async () => {
      pass(10);
      await turn.mcpToolCall({ serverName: 'docs', toolName: 'search', callId: 'call_2' }, () => pass(100));
    });
    const other = turn.tool({ ...shell, callId: 'call_3' }, async () => pass(30));
    await Promise.all([outer, other]);
    expect(profile()).toEqual({ durationMillis: 140, toolsMillis: 140 });
  });

  it('counts a request that is never answered, until the turn ends', async () => {
    const { turn, pass, profile, fake } = timedTurn();
    void turn.observeResponse(() => new Promise<never>(() => {}));
    pass(500);
    expect(profile()).toEqual({ durationMillis: 500, inferenceMillis: 500, samplingRequestCount: 1 });
    expect(fake.spansNamed('codex.sampling')).toHaveLength(1);
  });

  it('counts a request that failed as the model, the pause after it as overhead, and the next as its retry', async () => {
    const { turn, pass, profile } = timedTurn();
    const failing = turn.observeResponse(() => {
      pass(30);
      throw new Error('reset');
    });
    await expect(failing).rejects.toThrow('reset');
    turn.recordRetry({ attempt: 1, delayMillis: 100, layer: 'stream', operation: 'sampling' });
    pass(100);
    await readAll(await turn.observeResponse(() => slowly(pass, 160)));
    expect(profile()).toEqual({
      durationMillis: 290,
      inferenceMillis: 190,
      overheadMillis: 100,
      samplingRequestCount: 2,
      samplingRetryCount: 1,
    });
  });

  it('does not count the pause of a retry as part of the request', async () => {
    const { fake, turn, pass, profile } = timedTurn();
    const request = async () => {
      pass(30);
      turn.recordRetry({ attempt: 1, delayMillis: 100 });
      pass(100);
      pass(20);
      return slowly(pass, 160);
    };
    await readAll(await turn.observeResponse(request));
    expect(profile()).toEqual({
      durationMillis: 310,
      inferenceMillis: 210,
      overheadMillis: 100,
      samplingRequestCount: 1,
    });
    expect(fake.told('recordRetry')).toMatchObject([{ attempt: 1, delayMillis: 100 }]);
  });

  it('takes the time of an attempt that it did not see from recordRetry', async () => {
    const { turn, pass, profile, now } = timedTurn();
    const requestedAt = now();
    pass(30);
    turn.recordRetry({ attempt: 1, delayMillis: 100, requestedAt });
    pass(100);
    expect(profile()).toEqual({ durationMillis: 130, inferenceMillis: 30, overheadMillis: 100 });
  });

  it('counts a response that failed, and the next as its retry', async () => {
    const { turn, profile } = timedTurn();
    await readAll(turn.observeResponse(streamOf(FAILURE)));
    await readAll(turn.observeResponse(streamOf(ANSWER)));
    expect(profile()).toMatchObject({ samplingRequestCount: 2, samplingRetryCount: 1 });
  });

  it('counts a stream once that is observed twice', async () => {
    const { turn, profile } = timedTurn();
    const stream = streamOf(ANSWER);
    await readAll(await turn.observeResponse(() => turn.observeResponse(stream)));
    expect(profile()).toMatchObject({ samplingRequestCount: 1 });
  });

  it('counts the time before a response as unknown if nothing says when it was requested', async () => {
    const { turn, pass, profile } = timedTurn();
    const socket = turn.observeWebsocket();
    const deliver = (id: string) => {
      for (const event of [
        { type: 'response.created', response: { id } },
        { type: 'response.completed', response: { id, usage: { input_tokens: 1, output_tokens: 1 } } },
      ]) {
        pass(50);
        socket.message(JSON.stringify(event));
      }
    };
    pass(20);
    socket.request();
    deliver('resp_1');
    await turn.tool(shell, () => pass(200));
    pass(80);
    deliver('resp_2');
    expect(profile()).toEqual({
      durationMillis: 500,
      inferenceMillis: 150,
      toolsMillis: 200,
      unknownMillis: 130,
      overheadMillis: 20,
      samplingRequestCount: 2,
    });
  });

  it('adds up even with a clock that goes back', async () => {
    const { turn, pass, profile } = timedTurn();
    pass(100);
    await turn.tool(shell, () => pass(-5000));
    pass(5100);
    expect(profile()).toEqual({ durationMillis: 200, overheadMillis: 200 });
  });
});

describe('the phases of a turn', () => {
  it('are spans below the turn, without children', async () => {
    const { fake, turn, pass } = timedTurn();
    await readAll(await turn.observeResponse(() => slowly(pass, 60, TOOL_CALL)));
    pass(5);
    await turn.tool(shell, () => pass(40));
    await turn.tool({ ...shell, callId: 'call_2' }, () => pass(60));
    pass(10);
    await readAll(await turn.observeResponse(() => slowly(pass, 160)));
    turn.end();
    const phases = fake.spans().filter(({ name }) => name.startsWith('codex.'));
    const shown = phases.map((span) => ({
      name: span.name,
      phase: span.attributes['codex.turn.phase'],
      millis: millisOf(span),
      turn: span.attributes['turn.id'],
      isBelowTurn: span.parentSpanContext?.spanId === turn.span.spanContext().spanId,
    }));
    const rest = { turn: 'turn-1', isBelowTurn: true };
    expect(shown).toEqual([
      { name: 'codex.sampling', phase: 'sampling', millis: 60, ...rest },
      { name: 'codex.tool_blocking', phase: 'tool_blocking', millis: 105, ...rest },
      { name: 'codex.sampling', phase: 'sampling', millis: 160, ...rest },
    ]);
    const ids = new Set(phases.map((span) => span.spanContext().spanId));
    expect(fake.spans().some(({ parentSpanContext }) => ids.has(parentSpanContext?.spanId ?? ''))).toBe(false);
  });

  it('count a tool that outlasts the response it came with, and one that outlasts the turn, to the end', async () => {
    const { fake, turn, pass } = timedTurn();
    await readAll(await turn.observeResponse(() => slowly(pass, 160)));
    void turn.tool(shell, () => new Promise<never>(() => {}));
    pass(70);
    turn.end();
    const [blocking] = fake.spansNamed('codex.tool_blocking');
    expect(blocking && millisOf(blocking)).toBe(70);
  });
});

type Step =
  | { readonly kind: 'pass'; readonly millis: number }
  | { readonly kind: 'tool' | 'user' | 'review' | 'request' | 'retry' | 'fail' }
  | { readonly kind: 'finish'; readonly which: number };

// In microseconds, since nearly all of the doubles of a range are close to 0.
const milliseconds = fc.integer({ min: -50_000, max: 500_000 }).map((micros) => micros / 1000);

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('pass' as const), millis: milliseconds }),
    fc.record({ kind: fc.constantFrom('tool', 'user', 'review', 'request', 'retry', 'fail') }),
    fc.record({ kind: fc.constant('finish' as const), which: fc.nat() }),
  ) as fc.Arbitrary<Step>,
  { maxLength: 40 },
);

/** Starts something that ends when the returned function is called. */
function begin(turn: SessionTurn, kind: Step['kind']): () => void {
  let finish = (): void => {};
  const open = new Promise<void>((resolve) => {
    finish = resolve;
  });
  switch (kind) {
    case 'tool':
      void turn.tool(shell, () => open);
      break;
    case 'request':
      void turn.observeResponse(() => open.then(() => streamOf(ANSWER))).then(readAll);
      break;
    case 'fail':
      void turn.observeResponse(() => open.then(() => Promise.reject(new Error('reset')))).catch(() => {});
      break;
    case 'retry':
      turn.recordRetry({ attempt: 1, delayMillis: 40 });
      break;
    case 'user':
    case 'review': {
      const reviewer = kind === 'user' ? 'User' : 'AutomatedReviewer';
      const approval = turn.requestApproval({ ...shell, reviewer });
      return () => approval.end('approved');
    }
  }
  return finish;
}

it('adds up whatever two turns do at once, and has no negative time', async () => {
  await fc.assert(
    fc.asyncProperty(steps, steps, fc.boolean(), async (first, second, aborted) => {
      const fake = fakeSession();
      let moment = 0;
      const play = async (turnId: string, script: readonly Step[]): Promise<void> => {
        const turn = fake.startTurn({ turnId, now: () => moment });
        const open: (() => void)[] = [];
        for (const step of script) {
          if (step.kind === 'pass') moment += step.millis;
          else if (step.kind === 'finish') open[step.which % Math.max(open.length, 1)]?.();
          else open.push(begin(turn, step.kind));
          await Promise.resolve();
        }
        turn.end(aborted ? { status: 'aborted' } : undefined);
        for (const finish of open) finish();
      };
      await Promise.all([play('first', first), play('second', second)]);
      const profiles = fake.told('recordTurnProfile');
      expect(profiles).toHaveLength(2);
      for (const { turnId: _, durationMillis, samplingRequestCount, samplingRetryCount, ...parts } of profiles) {
        const millis = Object.values(parts).map(Number);
        expect(millis.every((part) => part >= 0)).toBe(true);
        expect(millis.reduce((sum, part) => sum + part, 0)).toBe(durationMillis);
        expect(Number(samplingRequestCount)).toBeGreaterThanOrEqual(Number(samplingRetryCount));
      }
      for (const { startTime, endTime } of fake.spans()) {
        expect(nanosOf(endTime)).toBeGreaterThanOrEqual(nanosOf(startTime));
      }
    }),
    { numRuns: 60 },
  );
});
