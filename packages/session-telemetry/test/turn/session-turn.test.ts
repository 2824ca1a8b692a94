import { getEventListeners } from 'node:events';
import { compactTask, NO_TOKEN_USAGE, regularTask } from '@codex-otel/token-usage';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { context, diag, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { startSessionTurn } from '../../src/turn/recorded-turn.ts';
import { fakeSession, nanosOf } from './fake-session.ts';
import { ANSWER, readAll, streamOf, TOOL_CALL, withId } from './response-streams.ts';

afterEach(() => {
  jest.restoreAllMocks();
  context.disable();
  trace.disable();
  diag.disable();
});

describe('startSessionTurn', () => {
  it('takes thread, model and tracer from the session', () => {
    const { startTurn, spansNamed } = fakeSession();
    startTurn({ reasoningEffort: 'low' }).end();
    const [span] = spansNamed('session_task.turn');
    expect(span?.instrumentationScope.name).toBe('codex_cli_rs');
    expect(span?.attributes).toEqual({
      'thread.id': '01a09a08-5141-7cf0-8d2a-4c245a60c12b',
      'turn.id': 'turn-1',
      model: 'gpt-5.6-sol',
      'codex.turn.reasoning_effort': 'low',
      'codex.turn.outcome': 'completed',
    });
  });

  it('takes the global tracer of the service if the session has none', () => {
    const { session, provider, spans } = fakeSession();
    trace.setGlobalTracerProvider(provider);
    startSessionTurn({ ...session, tracer: undefined, serviceName: 'codex_exec' }, { turnId: 'turn-1' }).end();
    expect(spans()[0]?.instrumentationScope.name).toBe('codex_exec');
  });

  it('starts now, and keeps the spans of a turn inside its own times', async () => {
    const { startTurn, spans, spansNamed } = fakeSession();
    const now = 1_790_000_000_123;
    jest.spyOn(Date, 'now').mockReturnValueOnce(now);
    const turn = startTurn();
    await readAll(turn.observeResponse(streamOf(ANSWER)));
    turn.end();
    const [outer] = spansNamed('session_task.turn');
    if (outer === undefined) throw new Error('no turn');
    for (const span of spans()) {
      expect(nanosOf(span.startTime)).toBeGreaterThanOrEqual(nanosOf(outer.startTime));
      expect(nanosOf(span.endTime)).toBeLessThanOrEqual(nanosOf(outer.endTime));
      expect(nanosOf(span.endTime)).toBeGreaterThanOrEqual(nanosOf(span.startTime));
    }
    expect(nanosOf(outer.startTime)).toBe(BigInt(now) * 1_000_000n);
  });

  it("marks a sub-agent's turn and links it to the span that started it", () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    const { startTurn, spansNamed } = fakeSession();
    const root = startTurn({ turnId: 'root' });
    root.run(() => {
      startTurn({ turnId: 'child', parentConversationId: 'thread-root', rootTurnId: 'root' }).end();
    });
    root.end();
    const child = spansNamed('session_task.turn').find((span) => span.attributes['turn.id'] === 'child');
    expect(child?.attributes).toMatchObject({ 'parent.conversation.id': 'thread-root', 'root.turn.id': 'root' });
    expect(child?.links.map((link) => link.context.spanId)).toEqual([root.span.spanContext().spanId]);
    expect(child?.parentSpanContext?.spanId).toBe(root.span.spanContext().spanId);
  });

  it('only accepts text as an id', () => {
    const { startTurn, spans } = fakeSession();
    const id = JSON.parse('{"message":"private words"}');
    startTurn({ turnId: id, parentConversationId: id, rootTurnId: id, helper: true }).end();
    expect(spans()).toHaveLength(3);
    expect(JSON.stringify(spans().map(({ attributes }) => attributes))).not.toContain('private');
  });

  it('only links turns of sub-agents, and accepts a parent without a span', () => {
    const { startTurn, spansNamed } = fakeSession();
    const root = startTurn();
    root.end();
    startTurn({ parent: root.context }).end();
    startTurn({ parentConversationId: 'thread-root' }).end();
    expect(spansNamed('session_task.turn').map((span) => span.links)).toEqual([[], [], []]);
  });

  it.each([1050, Number.NaN, '2000' as unknown as number])(
    'contains its spans if the clock of the host says %p',
    async (later) => {
      const { startTurn, spansNamed } = fakeSession();
      let moment = 1000;
      const turn = startTurn({ now: () => moment });
      await turn.tool({ toolName: 'shell', callId: 'call_1', arguments: '{}' }, () => {
        moment = 1100;
      });
      moment = later;
      turn.end();
      const [outer] = spansNamed('session_task.turn');
      const [tool] = spansNamed('handle_tool_call');
      expect(outer && tool && nanosOf(outer.endTime) - nanosOf(tool.endTime)).toBe(0n);
    },
  );

  it('starts no later than a span of another clock below it', () => {
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const { startTurn, session, spans } = fakeSession();
      const turn = startTurn();
      session.tracer?.startSpan('request', {}, turn.context).end();
      turn.end();
      const [request, whole] = spans().map(({ startTime }) => nanosOf(startTime));
      expect(request).toBeGreaterThanOrEqual(whole ?? 0n);
    }
  });

  it('marks the turn of a helper thread as the original does', () => {
    const { startTurn, spansNamed } = fakeSession();
    const root = startTurn({ turnId: 'turn-0' });
    startTurn({ helper: true, parent: root.context }).end();
    const [request] = spansNamed('turn/start');
    const [queue] = spansNamed('app_server.serialized_request_queue');
    const [turn] = spansNamed('session_task.turn');
    expect(request?.kind).toBe(SpanKind.SERVER);
    expect(request?.attributes['rpc.request_id']).toMatch(/^temporary-structured-/);
    expect(queue?.attributes.key).toBe('Thread { thread_id: "01a09a08-5141-7cf0-8d2a-4c245a60c12b" }');
    expect(turn?.attributes['session_init.ephemeral']).toBe(true);
    const requestId = request?.spanContext().spanId;
    expect([queue?.parentSpanContext?.spanId, turn?.parentSpanContext?.spanId]).toEqual([requestId, requestId]);
    expect(request?.parentSpanContext).toBeUndefined();
    expect(turn?.spanContext().traceId).not.toBe(root.span.spanContext().traceId);
    expect(turn?.links.map((link) => link.context.spanId)).toEqual([root.span.spanContext().spanId]);
  });
});

describe('SessionTurn.end', () => {
  it('records duration, tool calls and tokens by type, once', async () => {
    const { startTurn, told } = fakeSession();
    let now = 1000;
    const turn = startTurn({ now: () => now });
    await readAll(turn.observeResponse(streamOf(ANSWER)));
    await readAll(turn.observeResponse(streamOf(TOOL_CALL)));
    now = 3500.9;
    turn.end();
    turn.end({ status: 'failed' });
    expect(told('recordDuration').filter(({ name }) => name === 'codex.turn.e2e_duration_ms')).toEqual([
      { name: 'codex.turn.e2e_duration_ms', value: 2500.9, tags: {} },
    ]);
    const tokens = told('histogram').filter(({ name }) => name === 'codex.turn.token_usage');
    expect(tokens.map(({ tags, value }) => [(tags as { token_type: string }).token_type, value])).toEqual([
      ['total', 128],
      ['input', 103],
      ['cached_input', 65],
      ['output', 25],
      ['reasoning_output', 2],
      ['cache_write_input', 0],
    ]);
    expect(tokens.every(({ tags }) => (tags as { tmp_mem_enabled: string }).tmp_mem_enabled === 'false')).toBe(true);
    expect(told('histogram').filter(({ name }) => name === 'codex.turn.tool.call')).toHaveLength(1);
  });

  it('records no tokens if none are known', () => {
    const { startTurn, told } = fakeSession();
    startTurn().end();
    expect(told('histogram').map(({ name }) => name)).toEqual(['codex.turn.tool.call']);
  });

  it('records the duration of an aborted turn too', () => {
    const { startTurn, told, spansNamed } = fakeSession();
    startTurn()[Symbol.dispose]();
    expect(told('recordDuration').map(({ name }) => name)).toEqual(['codex.turn.e2e_duration_ms']);
    expect(spansNamed('session_task.turn')[0]?.attributes['codex.turn.outcome']).toBe('aborted');
  });

  it('shows a failed turn as such, without its message', () => {
    const { startTurn, spansNamed } = fakeSession();
    startTurn().end({ status: 'failed', error: Object.assign(new Error('secret'), { code: 'server_overloaded' }) });
    const [span] = spansNamed('session_task.turn');
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span?.attributes['error.type']).toBe('server_overloaded');
    expect(JSON.stringify(span?.attributes)).not.toContain('secret');
  });

  it('lets a compaction continue as a regular turn', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const turn = startTurn({ task: compactTask });
    await readAll(turn.observeResponse(streamOf(ANSWER)));
    turn.become(regularTask);
    turn.end();
    expect(spansNamed('session_task.compact')[0]?.attributes['codex.turn.token_usage.total_tokens']).toBe(8);
  });

  it("continues from the session's total", async () => {
    const { startTurn } = fakeSession();
    const first = startTurn({ sessionUsage: { ...NO_TOKEN_USAGE, totalTokens: 1000 } });
    await readAll(first.observeResponse(streamOf(ANSWER)));
    expect(first.end().totalTokens).toBe(8);
    expect(first.sessionUsage.totalTokens).toBe(1008);
  });
});

describe('the signal of a turn', () => {
  it('ends it as aborted, with what it received so far', async () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const abort = new AbortController();
    const turn = startTurn({ signal: abort.signal });
    await readAll(turn.observeResponse(streamOf(TOOL_CALL)));
    let received = 0;
    for await (const _event of turn.observeResponse(streamOf(ANSWER))) {
      received += 1;
      if (received === 5) abort.abort();
    }
    expect(received).toBe(ANSWER.length);
    turn.end();
    const [span] = spansNamed('session_task.turn');
    expect(span?.attributes).toMatchObject({
      'codex.turn.outcome': 'aborted',
      'codex.turn.token_usage.total_tokens': 120,
    });
    expect(span?.status.code).toBe(SpanStatusCode.UNSET);
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });

  it('keeps the error of an aborted request off the logs', async () => {
    const { startTurn, told } = fakeSession();
    const abort = new AbortController();
    const turn = startTurn({ signal: abort.signal });
    async function* source() {
      yield* ANSWER.slice(0, 1);
      abort.abort();
      throw abort.signal.reason;
    }
    await expect(readAll(turn.observeResponse(source()))).rejects.toMatchObject({ name: 'AbortError' });
    expect(told('logSseEvent')).toHaveLength(1);
  });

  it('ends a turn at once that starts aborted', () => {
    const { startTurn, spansNamed } = fakeSession();
    startTurn({ signal: AbortSignal.abort() });
    expect(spansNamed('session_task.turn')[0]?.attributes['codex.turn.outcome']).toBe('aborted');
  });

  it('has no effect after the turn has ended', () => {
    const { startTurn, spansNamed } = fakeSession();
    const abort = new AbortController();
    const turn = startTurn({ signal: abort.signal });
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1);
    turn.end();
    // The signal may belong to the whole session, so listeners must not outlive the turn.
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    abort.abort();
    expect(spansNamed('session_task.turn')[0]?.attributes['codex.turn.outcome']).toBe('completed');
  });
});

describe('the first token of a turn', () => {
  const item = (type: string, more: object = {}) => ({ type: 'response.output_item.done', item: { type, ...more } });
  const textPart = [{ type: 'output_text', text: 'x' }];

  it.each([
    'local_shell_call',
    'function_call',
    'custom_tool_call',
    'tool_search_call',
    'web_search_call',
    'image_generation_call',
    'compaction',
    'context_compaction',
  ])('is an item %s', async (type) => {
    const { startTurn, told } = fakeSession();
    await readAll(startTurn().observeResponse(streamOf([item(type)])));
    expect(told('recordTurnTtft')).toHaveLength(1);
  });

  it.each([
    ['a text delta', { type: 'response.output_text.delta', delta: 'x' }],
    ['a reasoning summary delta', { type: 'response.reasoning_summary_text.delta', delta: 'x' }],
    ['a reasoning content delta', { type: 'response.reasoning_text.delta', delta: 'x' }],
    ["an assistant's text", item('message', { role: 'assistant', content: textPart })],
    ['a reasoning summary', item('reasoning', { summary: textPart })],
    ['reasoning content', item('reasoning', { content: textPart })],
  ] as const)('is %s', async (_what, event) => {
    const { startTurn, told } = fakeSession();
    await readAll(startTurn().observeResponse(streamOf([event as { type: string }])));
    expect(told('recordTurnTtft')).toHaveLength(1);
  });

  it.each([
    ['an empty message', item('message', { role: 'assistant', content: [] })],
    ["a user's message", item('message', { role: 'user', content: textPart })],
    ['empty reasoning', item('reasoning', { summary: [], content: null })],
    ['the output of a tool', item('function_call_output')],
    ['an agent message', item('agent_message')],
    ['a compaction trigger', item('compaction_trigger')],
    ['an item of another kind', item('mcp_list_tools')],
    ['a piece of an argument', { type: 'response.function_call_arguments.delta', delta: 'x' }],
    ['a part of a summary', { type: 'response.reasoning_summary_part.added' }],
    ['the start of a response', { type: 'response.created' }],
    ['its end', { type: 'response.completed', response: { id: 'resp_1' } }],
  ] as const)('is not %s', async (_what, event) => {
    const { startTurn, told } = fakeSession();
    await readAll(startTurn().observeResponse(streamOf([event as { type: string }])));
    expect(told('recordTurnTtft')).toEqual([]);
  });

  it('is counted from the start of the turn, once, whatever the number of responses', async () => {
    const { startTurn, calls } = fakeSession();
    let now = 100;
    const turn = startTurn({ now: () => now });
    now = 250;
    await readAll(turn.observeResponse(streamOf(TOOL_CALL)));
    now = 900;
    await readAll(turn.observeResponse(streamOf(ANSWER)));
    expect(calls.filter(({ method }) => method === 'recordTurnTtft')).toEqual([
      { method: 'recordTurnTtft', options: { durationMillis: 150 }, spanId: turn.span.spanContext().spanId },
    ]);
    expect(calls.filter(({ options }) => options.name === 'codex.turn.ttfm.duration_ms')).toMatchObject([
      { options: { value: 800 } },
    ]);
  });

  it('is counted for the response from its request', async () => {
    const { startTurn, spansNamed, told } = fakeSession();
    let now = 100;
    const turn = startTurn({ now: () => now });
    now = 250;
    const stream = turn.observeResponse(streamOf(TOOL_CALL), { requestedAt: 130 });
    now = 260.7;
    await readAll(stream);
    expect(spansNamed('receiving_stream')[0]?.attributes['codex.stream.ttft_ms']).toBe(130);
    expect(told('sseEventCompleted')[0]?.ttftMillis).toBe(130);
  });
});

describe('concurrent turns', () => {
  it('keep their responses apart', async () => {
    const { startTurn, spans } = fakeSession();
    const turns = Array.from({ length: 8 }, (_, index) => startTurn({ turnId: `turn-${index}` }));
    await Promise.all(
      turns.map(async (turn, index) => {
        for (let response = 0; response < index; response += 1) {
          await readAll(turn.observeResponse(streamOf(withId(ANSWER, `resp_${response}`))));
        }
        turn.end();
      }),
    );
    for (const [index, turn] of turns.entries()) {
      expect(turn.usage.totalTokens).toBe(8 * index);
      const { traceId } = turn.span.spanContext();
      const ofTurn = spans().filter((span) => span.spanContext().traceId === traceId);
      expect(ofTurn.filter((span) => span.name === 'receiving_stream')).toHaveLength(index);
    }
  });
});

describe('a session whose methods throw, although they should not', () => {
  it('does not reach the agent', async () => {
    const complain = jest.fn();
    diag.setLogger({ error: complain, warn: complain, info: complain, debug: complain, verbose: complain });
    const { session } = fakeSession();
    const broken = new Proxy(session, {
      get(target, key) {
        const value = Reflect.get(target, key);
        if (typeof value !== 'function' || key === 'logToolResult' || key === 'agentResponseLogger') return value;
        return () => {
          throw new Error('broken');
        };
      },
    });
    const turn = startSessionTurn(broken, { turnId: 'turn-1' });
    expect(await readAll(turn.observeResponse(streamOf(ANSWER)))).toHaveLength(ANSWER.length);
    turn.end();
    expect(complain).toHaveBeenCalled();
  });
});
