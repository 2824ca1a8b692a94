import type { SessionTask } from '@codex-otel/token-usage';
import {
  compactTask,
  recordingTurnTokenUsage,
  regularTask,
  reviewTask,
  undoTask,
  userShellTask,
} from '@codex-otel/token-usage';
import { describe, expect, it } from '@jest/globals';
import { fakeSession } from './fake-session.ts';
import { ANSWER, readAll, streamOf } from './response-streams.ts';

describe('the metrics of a turn', () => {
  it.each<[string, SessionTask, readonly object[]]>([
    ['a turn of the user', regularTask, [{ name: 'codex.conversation.turn.count', value: 1, tags: {} }]],
    [
      'a review',
      reviewTask,
      [
        { name: 'codex.conversation.turn.count', value: 1, tags: {} },
        { name: 'codex.task.review', value: 1, tags: {} },
      ],
    ],
    ['a compaction', compactTask, [{ name: 'codex.task.compact', value: 1, tags: { type: 'local', manual: 'true' } }]],
    ['a shell command of the user', userShellTask, [{ name: 'codex.task.user_shell', value: 1, tags: {} }]],
    ['an undo', undoTask, []],
  ])('count %s when it starts', (_what, task, counted) => {
    const { startTurn, told } = fakeSession();
    startTurn({ task });
    expect(told('counter')).toEqual(counted);
  });

  it('do not count the turn of a helper, which no input of a user started', () => {
    const { startTurn, told } = fakeSession();
    startTurn({ helper: true });
    expect(told('counter')).toEqual([]);
  });

  it.each([
    ['completed', 1],
    ['failed', 1],
    ['aborted', 0],
  ] as const)('of one that %s: its duration, and its tool calls %i times', (status, times) => {
    const { startTurn, told } = fakeSession();
    startTurn().end({ status });
    expect(told('recordDuration').map(({ name }) => name)).toEqual(['codex.turn.e2e_duration_ms']);
    expect(told('histogram').map(({ name }) => name)).toEqual(Array(times).fill('codex.turn.tool.call'));
  });

  it('of a compaction are without its first token and message, until it continues as a regular turn', async () => {
    const { startTurn, told } = fakeSession();
    const turn = startTurn({ task: compactTask });
    await readAll(turn.observeResponse(streamOf(ANSWER)));
    expect([...told('recordTurnTtft'), ...told('recordDuration')]).toEqual([]);
    turn.become(regularTask);
    const another: typeof ANSWER = JSON.parse(JSON.stringify(ANSWER).replaceAll('resp_1', 'resp_9'));
    await readAll(turn.observeResponse(streamOf(another)));
    expect(told('recordTurnTtft')).toHaveLength(1);
    expect(told('recordDuration').map(({ name }) => name)).toEqual(['codex.turn.ttfm.duration_ms']);
  });

  it('are on the span of any task that opts in', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const turn = startTurn({ task: recordingTurnTokenUsage(compactTask) });
    await readAll(turn.observeResponse(streamOf(ANSWER)));
    turn.end();
    expect(spansNamed('session_task.compact')[0]?.attributes).toHaveProperty(['codex.turn.token_usage.total_tokens']);
  });
});

describe('the wait for an event', () => {
  it('is on its span, in milliseconds', async () => {
    let moment = 100;
    const { startTurn, spansNamed } = fakeSession();
    const turn = startTurn({ now: () => moment });
    async function* source() {
      moment = 112.5;
      yield { type: 'response.created' };
      moment = 120;
      yield { type: 'response.completed', response: { id: 'r' } };
    }
    await readAll(turn.observeResponse(source()));
    const waits = spansNamed('handle_responses').map(({ attributes }) => attributes['codex.response.receive_wait_ms']);
    expect(waits).toEqual([12.5, 7.5]);
  });
});
