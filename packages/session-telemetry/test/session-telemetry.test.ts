import { describe, expect, it } from '@jest/globals';
import { metadata, sessionFixture } from './session-fixture.ts';

describe('copies of a session', () => {
  it('withModel: another model on records and tags, the rest as it was', () => {
    const { session, logs, metrics } = sessionFixture();
    session.withModel('gpt-6', 'gpt-6-high').recordTurnTtft({ durationMillis: 1 });
    expect(logs()[0]).toMatchObject({ model: 'gpt-6', slug: 'gpt-6-high', 'user.email': 'engineer@example.com' });
    expect(metrics.calls[0]?.tags.model).toBe('gpt-6');
    expect(session.model).toBe('gpt-5.1-codex');
  });

  it('share one count of what they leave out', () => {
    const { session } = sessionFixture();
    session.withAuthEnv({}).withUserId('u').withProductSku('codex').recordTurnTtft({ durationMillis: Number.NaN });
    expect(session.unusableValues).toBe(2);
  });
});

describe('logRequest', () => {
  it('returns the answer itself and records its status', async () => {
    const { session, logs, metrics } = sessionFixture();
    const answer = { status: 204, body: {} };
    expect(await session.logRequest(3, async () => answer)).toBe(answer);
    expect(logs()[0]).toMatchObject({
      'event.name': 'codex.api_request',
      'http.response.status_code': 204,
      attempt: 3,
      'auth.header_attached': false,
      endpoint: 'unknown',
    });
    expect(metrics.calls[0]?.tags).toMatchObject({ status: '204', success: 'true' });
  });

  it('throws the error itself and records its status', async () => {
    const { session, logs } = sessionFixture();
    const error = Object.assign(new Error('overloaded'), { status: 503 });
    await expect(session.logRequest(1, () => Promise.reject(error))).rejects.toBe(error);
    expect(logs()[0]).toMatchObject({ 'http.response.status_code': 503, 'error.message': 'overloaded' });
  });

  it('records a failure without a status, also one that is thrown at once or is undefined', async () => {
    const { session, metrics } = sessionFixture();
    const boom = () => {
      throw undefined;
    };
    await expect(session.logRequest(1, boom)).rejects.toBeUndefined();
    expect(metrics.calls[0]?.tags).toMatchObject({ status: 'none', success: 'false' });
  });
});

describe('a request or a tool call that is given up', () => {
  it('case 42: is counted once, and its output is not asked for', async () => {
    const { session, metrics } = sessionFixture();
    const controller = new AbortController();
    const untilAborted = () =>
      new Promise<number>((_, reject) => {
        controller.signal.addEventListener('abort', () => reject(controller.signal.reason));
      });
    let asked = 0;
    const result = () => {
      asked += 1;
      return { output: '', success: true };
    };
    const request = session.logRequest(1, untilAborted);
    const call = session.logToolResult({ toolName: 't', callId: 'c', arguments: '', result }, untilAborted);
    expect(metrics.calls).toEqual([]);
    controller.abort();
    await expect(request).rejects.toMatchObject({ name: 'AbortError' });
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(metrics.calls.map(({ name }) => name).filter((name) => !name.endsWith('duration_ms'))).toEqual([
      'codex.api_request',
      'codex.tool.call',
    ]);
    expect(asked).toBe(0);
  });
});

describe('logToolResult', () => {
  const tool = { toolName: 'shell', callId: 'call-1', arguments: '{}' };

  it.each([
    ['a text', 'out', 'out', 'true'],
    ['an outcome', { output: 'no', success: false }, 'no', 'false'],
    ['anything else', { a: 1 }, '{"a":1}', 'true'],
    ['nothing', undefined, '', 'true'],
  ])('takes %s as the output', async (_what, value, output, success) => {
    const { session, logs } = sessionFixture();
    expect(await session.logToolResult(tool, () => value)).toBe(value);
    expect(logs()[0]).toMatchObject({ 'event.name': 'codex.tool_result', output, success });
  });

  it('asks the caller what the output is', async () => {
    const { session, logs } = sessionFixture();
    const result = (value: number) => ({ output: `exit ${value}`, success: value === 0 });
    await session.logToolResult({ ...tool, result }, async () => 2);
    expect(logs()[0]).toMatchObject({ output: 'exit 2', success: 'false' });
  });

  it('records an error and throws it', async () => {
    const { session, logs, metrics } = sessionFixture();
    const error = new Error('killed');
    await expect(session.logToolResult(tool, () => Promise.reject(error))).rejects.toBe(error);
    expect(logs()[0]).toMatchObject({ output: 'killed', success: 'false' });
    expect(metrics.calls[0]).toMatchObject({ name: 'codex.tool.call', tags: { tool: 'shell', success: 'false' } });
  });

  it('survives an answer that cannot be shown, and an interpreter that throws', async () => {
    const { session, logs } = sessionFixture();
    const circular: { self?: unknown } = {};
    circular.self = circular;
    await session.logToolResult(tool, () => circular);
    const result = () => {
      throw new Error('no');
    };
    await session.logToolResult({ ...tool, result }, () => 1);
    expect(logs().map(({ output }) => output)).toEqual(['', '']);
  });
});

describe('agentResponseLogger', () => {
  const final = {
    type: 'message',
    id: 'msg-1',
    role: 'assistant',
    phase: 'final_answer',
    content: [
      { type: 'output_text', text: 'All ' },
      { type: 'refusal', refusal: 'x' },
      { type: 'output_text', text: 'done.' },
    ],
  };

  it('case 58: records a final answer once', () => {
    const { session, logs } = sessionFixture({ logAgentResponses: true });
    const logger = session.agentResponseLogger({ turnId: 'turn-1', rootTurnId: 'turn-0' });
    logger.record(final);
    logger.record(final);
    expect(logs()).toHaveLength(1);
    expect(logs()[0]).toMatchObject({
      'event.name': 'codex.agent_response',
      'item.id': 'msg-1',
      'root.turn.id': 'turn-0',
      response: 'All done.',
      response_length: 9,
    });
  });

  it.each([
    ['commentary', { ...final, phase: 'commentary' }],
    ['an untagged message', { ...final, phase: undefined }],
    ['a message of the user', { ...final, role: 'user' }],
    ['another item', { ...final, type: 'reasoning' }],
    ['a message without an id', { ...final, id: undefined }],
    ['a blank answer', { ...final, content: [{ type: 'output_text', text: ' \n' }] }],
    ['nothing', undefined],
  ])('case 58: ignores %s', (_what, item) => {
    const { session, logs } = sessionFixture({ logAgentResponses: true });
    session.agentResponseLogger({ turnId: 'turn-1' }).record(item);
    expect(logs()).toEqual([]);
  });
});

describe('startTurn', () => {
  it('starts a turn of this conversation, whose events reach its span without a context manager', () => {
    const { session, tracer, records } = sessionFixture();
    const turn = session.startTurn({ turnId: 'turn-1', tracer });
    session.recordTurnTtft({ durationMillis: 1 }, turn.context);
    expect(turn.span).toMatchObject({
      name: 'session_task.turn',
      attributes: { 'thread.id': metadata.conversationId, 'turn.id': 'turn-1', model: 'gpt-5.1-codex' },
      events: [{ name: 'codex.turn_ttft' }],
    });
    turn.end();
    expect(records()[0]?.spanContext?.spanId).toBe(turn.span.spanContext().spanId);
  });
});

describe('recordResponses', () => {
  it('puts the usage of a completed response on its span, with the conversation', () => {
    const { session, tracer } = sessionFixture();
    const span = tracer.startSpan('handle_responses');
    const usage = { input_tokens: 3, output_tokens: 5, total_tokens: 8 };
    session.recordResponses(span, { type: 'response.completed', response: { id: 'resp_1', usage } });
    expect(span).toMatchObject({
      name: 'handle_responses',
      attributes: {
        'codex.response.event': 'completed',
        'gen_ai.usage.input_tokens': 3,
        'gen_ai.conversation.id': metadata.conversationId,
        'gen_ai.response.id': 'resp_1',
      },
    });
  });
});
