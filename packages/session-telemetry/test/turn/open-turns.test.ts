import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { sessionFixture } from '../session-fixture.ts';
import { ANSWER, readAll, streamOf } from './response-streams.ts';

const never = new Promise<never>(() => {});
const tool = (callId: string) => ({ toolName: 'shell', callId, arguments: 'secret arguments' });

describe('openTurns', () => {
  it('returns what each open turn is doing, since when, and its tokens, without content', async () => {
    const { session, tracer } = sessionFixture();
    const startedAt = Date.now();
    const turn = session.startTurn({ turnId: 'turn-1', tracer });
    await readAll(turn.observeResponse(streamOf(ANSWER)));
    const phases = () => session.openTurns().map(({ phase }) => phase);
    expect(phases()).toEqual(['overhead']);
    void turn.observeResponse(() => never);
    expect(phases()).toEqual(['sampling']);
    void turn.tool(tool('call_1'), () => never);
    expect(phases()).toEqual(['tool']);
    const review = turn.requestApproval({ ...tool('call_2'), reviewer: 'AutomatedReviewer' });
    expect(phases()).toEqual(['auto_review']);
    const approval = turn.requestApproval(tool('call_2'));
    expect(phases()).toEqual(['user_wait']);
    approval.end('denied');
    review.end();
    const [open] = session.openTurns();
    expect(open).toMatchObject({
      turnId: 'turn-1',
      conversationId: session.conversationId,
      phase: 'tool',
      usage: { inputTokens: 3, outputTokens: 5, totalTokens: 8 },
      openTools: [{ toolName: 'shell', callId: 'call_1' }],
    });
    const times = [open?.startedAtUnixMillis, open?.openTools[0]?.sinceUnixMillis, open?.phaseSinceUnixMillis];
    expect(times.map(Number)).toEqual([...times.map(Number)].sort((first, second) => first - second));
    expect(times[0]).toBeGreaterThanOrEqual(startedAt);
    expect(JSON.stringify(open)).not.toContain('secret');
    turn.end();
    expect(session.openTurns()).toEqual([]);
  });

  it('has the turns of the copies of a session, but not those of other sessions', () => {
    const { session, tracer } = sessionFixture();
    const copy = session.withModel('other', 'other');
    const turns = [
      session.startTurn({ turnId: 'first', tracer }),
      copy.startTurn({ turnId: 'second', tracer }),
      sessionFixture().session.startTurn({ turnId: 'another', tracer }),
    ];
    const ids = () => copy.openTurns().map(({ turnId }) => turnId);
    expect(ids()).toEqual(['first', 'second']);
    turns[0]?.end({ status: 'failed', error: new Error('x') });
    expect(ids()).toEqual(['second']);
    for (const turn of turns) turn.end();
  });

  it('does not have a turn that a signal ended before it began', () => {
    const { session, tracer } = sessionFixture();
    session.startTurn({ turnId: 'turn-1', tracer, signal: AbortSignal.abort() });
    expect(session.openTurns()).toEqual([]);
  });
});

describe('openTurnIntervalMillis', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('records an open turn at that interval, until it ends', () => {
    const { session, tracer, records } = sessionFixture({ openTurnIntervalMillis: 5 });
    const turn = session.startTurn({ turnId: 'turn-1', tracer });
    void turn.tool(tool('call_1'), () => never);
    jest.advanceTimersByTime(12);
    turn.end();
    jest.advanceTimersByTime(100);
    expect(records()).toHaveLength(2);
    const [, record] = records();
    expect(record?.attributes).toMatchObject({
      'event.name': 'codex.turn_progress',
      'turn.id': 'turn-1',
      phase: 'tool',
      phase_elapsed_ms: 10,
      elapsed_ms: 10,
      total_tokens_so_far: 0,
      open_tool_count: 1,
      open_tools: 'shell',
      'conversation.id': session.conversationId,
    });
    expect(record?.spanContext).toEqual(trace.getSpanContext(turn.context));
  });

  it.each([undefined, 0, -1, Number.NaN])('records none with %p', (openTurnIntervalMillis) => {
    const { session, tracer, records } = sessionFixture({ openTurnIntervalMillis });
    const turn = session.startTurn({ turnId: 'turn-1', tracer });
    expect(jest.getTimerCount()).toBe(0);
    turn.end();
    expect(records()).toEqual([]);
  });
});

describe('requestApproval', () => {
  it('records the decision once, with who decided', () => {
    const { session, tracer, logs, metrics } = sessionFixture();
    const turn = session.startTurn({ turnId: 'turn-1', tracer });
    const approval = turn.requestApproval(tool('call_1'));
    approval.end('approved_for_session');
    approval.end('denied');
    turn.requestApproval({ ...tool('call_2'), reviewer: 'AutomatedReviewer' }).end('denied');
    turn.requestApproval(tool('call_3')).end();
    expect(logs()).toMatchObject([
      { 'event.name': 'codex.tool_decision', call_id: 'call_1', decision: 'approved_for_session', source: 'User' },
      { 'event.name': 'codex.tool_decision', call_id: 'call_2', decision: 'denied', source: 'AutomatedReviewer' },
    ]);
    const asked = metrics.calls.filter(({ name }) => name === 'codex.approval.requested');
    expect(asked.map(({ tags }) => tags.approved)).toEqual(['approved_for_session', 'denied']);
    turn.end();
  });
});
