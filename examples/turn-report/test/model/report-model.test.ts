import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseOtlp } from '../../src/model/otlp-json.ts';
import { ReportModel } from '../../src/model/report-model.ts';
import type { Turn } from '../../src/model/turn.ts';
import type { TestLog, TestSpan } from '../otlp.ts';
import { logsRequest, tracesRequest, turnSpans, turnUsage, usage } from '../otlp.ts';

function read(...requests: readonly object[]): ReportModel {
  const model = new ReportModel();
  for (const request of requests) model.add(parseOtlp(request));
  return model;
}

function turnsOf(spans: readonly TestSpan[], logs: readonly TestLog[] = []): readonly Turn[] {
  return read(tracesRequest(spans), logsRequest(logs))
    .sessions()
    .flatMap((session) => session.turns);
}

const TURN = { name: 'session_task.turn', attributes: { 'thread.id': 'session-1', 'turn.id': 'turn-1' } } as const;

describe('a turn', () => {
  const [turn] = turnsOf(turnSpans());

  it('has the attributes of its span', () => {
    expect(turn).toMatchObject({
      turnId: 'turn-1',
      sessionId: 'session-1',
      state: 'completed',
      task: 'turn',
      model: 'gpt-test',
      effort: 'high',
      usage: {
        inputTokens: 10_200,
        cachedInputTokens: 9000,
        outputTokens: 150,
        reasoningOutputTokens: 60,
        totalTokens: 10_350,
      },
    });
  });

  it('has its responses, with the wait for the first token from the request on', () => {
    const start = turn?.startMillis ?? 0;
    const times = turn?.responses.map(({ startMillis, firstTokenMillis = 0, endMillis }) =>
      [startMillis, firstTokenMillis, endMillis].map((time) => Math.round(time - start)),
    );
    expect(times).toEqual([
      [100, 220, 400],
      [600, 700, 900],
    ]);
    expect(turn?.responses.map((response) => response.usage?.totalTokens)).toEqual([5100, 5250]);
    expect(turn?.responsesUsage).toEqual(turn?.usage);
  });

  it('has its tools, with the data of their log records', () => {
    const logs = [
      {
        name: 'codex.tool_decision',
        trace: 1,
        at: 399,
        attributes: { call_id: 'call-1', tool_name: 'shell', decision: 'approved', source: 'Config' },
      },
      {
        name: 'codex.tool_result',
        trace: 1,
        at: 600,
        attributes: { call_id: 'call-1', tool_name: 'shell', success: 'false' },
      },
    ];
    expect(turnsOf(turnSpans(), logs)[0]?.tools).toMatchObject([
      { toolName: 'shell', success: false, decision: 'approved by Config' },
    ]);
  });

  it('derives where its time went', () => {
    const { overhead, ...profile } = turn?.profile ?? { overhead: 0 };
    expect(profile).toMatchObject({
      source: 'derived',
      durationMillis: 1000,
      tools: 200,
      userWait: 0,
      requests: 3,
      retries: 1,
    });
    expect(overhead).toBeCloseTo(160, 1);
  });

  it('uses the profile that the turn measured itself', () => {
    const measured = {
      critical_path_status: 'measured',
      critical_path_duration_ms: '1000',
      critical_path_inference_ms: '700',
      critical_path_user_wait_ms: '300',
      sampling_request_count: '2',
      sampling_retry_count: '1',
    };
    const event = { name: 'codex.turn_profile', attributes: { 'event.name': 'codex.turn_profile', ...measured } };
    expect(turnsOf([{ id: 1, ...TURN, events: [event] }])[0]?.profile).toEqual({
      source: 'measured',
      durationMillis: 1000,
      inference: 700,
      userWait: 300,
      tools: 0,
      autoReview: 0,
      overhead: 0,
      unknown: 0,
      requests: 2,
      retries: 1,
    });
    const disabled = {
      name: 'x',
      attributes: { 'event.name': 'codex.turn_profile', critical_path_status: 'disabled' },
    };
    expect(turnsOf([{ id: 1, ...TURN, events: [disabled] }])[0]?.profile.source).toBe('derived');
  });

  it('waits for the user from the last thing that it did to the decision', () => {
    const decision = {
      name: 'codex.tool_decision',
      trace: 1,
      at: 580,
      attributes: { call_id: 'other', tool_name: 'rm', decision: 'denied', source: 'User' },
    };
    const result = {
      name: 'codex.tool_result',
      trace: 1,
      at: 581,
      attributes: { call_id: 'other', tool_name: 'rm', success: 'false', duration_ms: '0' },
    };
    const spans = turnSpans().filter(({ name }) => name !== 'handle_tool_call');
    const [asked] = turnsOf(spans, [decision, result]);
    expect(asked?.profile.userWait).toBeCloseTo(180, 1);
    expect(asked?.tools).toMatchObject([
      { toolName: 'rm', spanId: undefined, success: false, decision: 'denied by User' },
    ]);
  });

  it.each([
    ['its outcome', { 'codex.turn.outcome': 'aborted', ...turnUsage(1, 0, 1, 0) }, [], 'aborted'],
    ['usage that is absent, as Codex leaves it', {}, [], 'aborted'],
    ['nothing else', turnUsage(0, 0, 0, 0), [], 'completed'],
    [
      'the error of its last request',
      turnUsage(0, 0, 0, 0),
      [{ name: 'codex.api_request', trace: 1, at: 5, attributes: { 'error.message': 'http 500' } }],
      'failed',
    ],
    [
      'an answer after an error',
      turnUsage(5, 0, 5, 0),
      [
        { name: 'codex.api_request', trace: 1, at: 3, attributes: { 'error.message': 'http 503' } },
        {
          name: 'codex.sse_event',
          trace: 1,
          at: 5,
          attributes: { 'event.kind': 'response.completed', input_token_count: '5' },
        },
      ],
      'completed',
    ],
  ])('ends with the outcome given by %s', (_reason, more, logs, state) => {
    expect(turnsOf([{ id: 1, ...TURN, attributes: { ...TURN.attributes, ...more } }], logs)[0]?.state).toBe(state);
  });
});

describe('tokens', () => {
  it('are counted once, whatever else carries them', () => {
    const usages = usage(100, 50, 10, 5);
    const spans = [
      { id: 1, ...TURN, end: 100, attributes: { ...TURN.attributes, ...usages, ...turnUsage(100, 50, 10, 5) } },
      { id: 2, parent: 1, name: 'receiving_stream', end: 90 },
      { id: 3, parent: 2, name: 'handle_responses', end: 90, attributes: usages },
      { id: 4, parent: 1, name: 'handle_tool_call', end: 90, attributes: usages },
    ];
    const sessions = read(tracesRequest(spans), tracesRequest(spans)).sessions();
    expect(sessions[0]?.usage?.totalTokens).toBe(110);
    expect(sessions[0]?.turns[0]?.responsesUsage?.totalTokens).toBe(110);
  });

  it('come from the chat span where the conventions have one', () => {
    const chat = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.response.time_to_first_chunk': 0.02,
      ...usage(100, 50, 10, 5),
    };
    const spans = [
      {
        id: 1,
        name: 'invoke_agent codex',
        end: 100,
        attributes: { ...TURN.attributes, 'gen_ai.operation.name': 'invoke_agent' },
      },
      { id: 2, parent: 1, name: 'chat gpt-test', start: 10, end: 90, attributes: chat },
      { id: 3, parent: 2, name: 'receiving_stream', start: 12, end: 90 },
      { id: 4, parent: 3, name: 'handle_responses', start: 80, end: 90 },
    ];
    const [turn] = turnsOf(spans);
    expect(turn?.usage?.totalTokens).toBe(110);
    expect(turn?.responses).toHaveLength(1);
    expect((turn?.responses[0]?.firstTokenMillis ?? 0) - (turn?.startMillis ?? 0)).toBeCloseTo(30, 1);
  });

  it("are the turn's own, without its sub-agent's", () => {
    const sub = turnSpans({ first: 20, turn: 'turn-2', session: 'session-2' }).map((span) =>
      span.name === 'session_task.turn' ? { ...span, parent: 7 } : span,
    );
    const turns = turnsOf([...turnSpans(), ...sub]);
    expect(turns.map(({ turnId, usage: used, responses }) => [turnId, used?.totalTokens, responses.length])).toEqual(
      expect.arrayContaining([
        ['turn-1', 10_350, 2],
        ['turn-2', 10_350, 2],
      ]),
    );
    const [outer, inner] = [
      turns.find(({ turnId }) => turnId === 'turn-1'),
      turns.find(({ turnId }) => turnId === 'turn-2'),
    ];
    expect(inner?.parentKey).toBe(outer?.key);
  });
});

describe('a turn that is still open', () => {
  it('is seen as soon as the first of its spans arrives, with the tokens so far', () => {
    const children = turnSpans().slice(0, 4);
    const [turn] = turnsOf(children);
    expect(turn).toMatchObject({ state: 'open', usage: { totalTokens: 5100 } });
    expect(turn?.responses).toHaveLength(1);
  });

  it('is seen by its log records before any span, and by what it says of its progress', () => {
    const progress = {
      name: 'codex.turn_progress',
      trace: 1,
      at: 500,
      attributes: { 'turn.id': 'turn-1', phase: 'tool', total_tokens_so_far: 12, 'conversation.id': 'session-1' },
    };
    const prompt = {
      name: 'codex.user_prompt',
      trace: 1,
      attributes: { prompt: 'Hello?', 'conversation.id': 'session-1' },
    };
    expect(turnsOf([], [prompt])).toMatchObject([{ state: 'open', sessionId: 'session-1', prompt: 'Hello?' }]);
    const turns = turnsOf([], [prompt, progress]);
    expect(turns).toMatchObject([{ state: 'open', turnId: 'turn-1', progress: { phase: 'tool', totalTokens: 12 } }]);
    expect(turnsOf(turnSpans(), [prompt, progress])).toMatchObject([
      { state: 'completed', progress: undefined, key: turns[0]?.key },
    ]);
  });

  it('is the same in the end, for any order and any split of what arrives', () => {
    const spans = [...turnSpans(), ...turnSpans({ first: 30, turn: 'turn-2' })];
    const whole = withoutOrder(turnsOf(spans));
    const shuffled = fc.shuffledSubarray([...spans], { minLength: spans.length, maxLength: spans.length });
    fc.assert(
      fc.property(shuffled, fc.integer({ min: 1, max: 7 }), (order, size) => {
        const model = new ReportModel();
        for (let from = 0; from < order.length; from += size) {
          model.add(parseOtlp(tracesRequest(order.slice(from, from + size))));
          model.sessions();
        }
        expect(withoutOrder(model.sessions().flatMap((session) => session.turns))).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });
});

describe('misleading spans', () => {
  it.each([
    ['a span that is its own parent', [{ id: 1, parent: 1, name: 'handle_responses', attributes: usage(1, 0, 1, 0) }]],
    [
      'a circle of parents',
      [
        { id: 1, parent: 2, name: 'handle_responses', attributes: usage(1, 0, 1, 0) },
        { id: 2, parent: 1, name: 'receiving_stream' },
      ],
    ],
    [
      'a turn in a circle',
      [
        { id: 1, parent: 2, ...TURN },
        { id: 2, parent: 1, name: 'receiving_stream' },
      ],
    ],
    ['a turn whose parent never arrives', [{ id: 1, parent: 99, ...TURN }]],
    [
      'two turns with one id',
      [
        { id: 1, ...TURN },
        { id: 2, ...TURN },
      ],
    ],
  ])('still gives turns: %s', (_kind, spans) => {
    const turns = turnsOf(spans);
    expect(turns.length).toBeGreaterThan(0);
    for (const turn of turns) expect(turn.endMillis).toBeGreaterThanOrEqual(turn.startMillis);
  });

  it('assigns work with a lost parent to the turn that ran at its time', () => {
    const lost = { id: 50, parent: 49, name: 'handle_responses', start: 500, end: 510, attributes: usage(7, 0, 7, 0) };
    const turns = turnsOf([...turnSpans(), lost]);
    expect(turns).toHaveLength(1);
    expect(turns[0]?.responsesUsage?.totalTokens).toBe(10_364);
  });

  it('makes no turn of spans that belong to none', () => {
    expect(
      turnsOf([
        { id: 1, name: 'auth' },
        { id: 2, name: 'thread/start' },
      ]),
    ).toEqual([]);
  });
});

function withoutOrder(turns: readonly Turn[]): readonly Turn[] {
  return turns
    .map((turn) => ({ ...turn, spans: [...turn.spans].sort((a, b) => a.spanId.localeCompare(b.spanId)) }))
    .sort((a, b) => a.key.localeCompare(b.key));
}
