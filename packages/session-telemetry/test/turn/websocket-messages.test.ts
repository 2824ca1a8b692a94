import { describe, expect, it } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import { fakeSession } from './fake-session.ts';
import { ANSWER, FAILURE, TOOL_CALL } from './response-streams.ts';

const texts = ANSWER.map((event) => JSON.stringify(event));

describe('SessionTurn.observeWebsocket', () => {
  it.each([
    ['text', (text: string) => [text]],
    ['a Buffer, as ws delivers text', (text: string) => [Buffer.from(text), false]],
    ['fragments', (text: string) => [[Buffer.from(text.slice(0, 5)), Buffer.from(text.slice(5))], false]],
    ['an event of the platform', (text: string) => [new MessageEvent('message', { data: text })]],
  ] as const)('takes %s', (_what, frame) => {
    const { startTurn, told } = fakeSession();
    const turn = startTurn();
    const { message } = turn.observeWebsocket();
    for (const text of texts) message(...(frame(text) as [unknown, boolean?]));
    expect(turn.end().totalTokens).toBe(8);
    expect(told('sseEventCompleted')).toHaveLength(1);
    expect(told('recordWebsocketEvent')).toHaveLength(ANSWER.length);
    expect(told('recordWebsocketEvent')[0]).toMatchObject({ event: ANSWER[0], durationMillis: expect.any(Number) });
  });

  it('has a span for each response of a socket that stays open', () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn();
    const { message } = turn.observeWebsocket();
    for (const event of [...TOOL_CALL, ...ANSWER]) message(JSON.stringify(event));
    turn.end();
    expect(spansNamed('receiving_stream')).toHaveLength(2);
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });

  it('counts the wait for a response from its request, not from what came before the tools', () => {
    let moment = 1000;
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn({ now: () => moment });
    const { message, request } = turn.observeWebsocket();
    const receive = (events: readonly object[]) => {
      for (const event of events) {
        moment += 10;
        message(JSON.stringify(event));
      }
    };
    request();
    receive(TOOL_CALL);
    moment += 60_000; // a tool runs
    request();
    moment += 30;
    request(moment - 30);
    receive(ANSWER);
    turn.end();
    const seconds = spansNamed('receiving_stream').map(({ duration: [whole] }) => whole);
    expect(seconds).toEqual([0, 0]);
    expect(told('recordWebsocketEvent')[TOOL_CALL.length]?.durationMillis).toBe(40);
    expect(told('sseEventCompleted').map(({ ttftMillis }) => ttftMillis)).toEqual([20, 80]);
  });

  it('does not count time before the response began, which an older observer ends', () => {
    let moment = 1000;
    const { startTurn, spansNamed } = fakeSession();
    const turn = startTurn({ now: () => moment });
    const older = turn.observeWebsocket();
    moment += 500;
    const newer = turn.observeWebsocket();
    moment += 10;
    newer.message(JSON.stringify(ANSWER[0]));
    moment += 20;
    older.message(JSON.stringify(ANSWER.at(-1)));
    turn.end();
    const waits = spansNamed('handle_responses').map(({ attributes }) => attributes['codex.response.receive_wait_ms']);
    expect(waits).toEqual([10, 30]);
  });

  it('records that the socket closed before the next response began', () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const { message, request, close } = startTurn().observeWebsocket();
    for (const text of texts) message(text);
    request();
    close();
    expect(spansNamed('receiving_stream').map(({ status }) => status.code)).toEqual([
      SpanStatusCode.UNSET,
      SpanStatusCode.ERROR,
    ]);
    expect(told('sseEventCompletedFailed')).toHaveLength(1);
  });

  it.each([
    ['the code that ws closes with', 1000],
    ['a close event', new Event('close')],
    ['null', null],
  ])('treats %s as no error', (_what, reason) => {
    const { startTurn, told } = fakeSession();
    const { message, close } = startTurn().observeWebsocket();
    for (const text of texts) message(text);
    close(reason);
    expect(told('recordWebsocketEvent')).toHaveLength(ANSWER.length);
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });

  it('reads the error from an error event', () => {
    const { startTurn, told } = fakeSession();
    const { message, close } = startTurn().observeWebsocket();
    message(texts[0]);
    const error = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    close(Object.assign(new Event('error'), { error }));
    expect(told('recordWebsocketEvent').at(-1)).toMatchObject({ error });
  });

  it('does not treat other messages as responses', () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn();
    const { message, close } = turn.observeWebsocket();
    for (const text of texts) message(text);
    message(JSON.stringify({ type: 'codex.rate_limits', rate_limits: {} }));
    message(JSON.stringify({ type: 'responsesapi.websocket_timing', timing_metrics: {} }));
    close();
    turn.end();
    expect(spansNamed('receiving_stream')).toHaveLength(1);
    expect(told('sseEventCompletedFailed')).toEqual([]);
    expect(told('recordWebsocketEvent')).toHaveLength(ANSWER.length + 2);
  });

  it('records that the socket closed before the response was complete', () => {
    const { startTurn, told } = fakeSession();
    const { message, close } = startTurn().observeWebsocket();
    message(texts[0]);
    close();
    close();
    expect(told('sseEventCompletedFailed')).toHaveLength(1);
  });

  it('records the error that a socket failed with', () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const { message, close } = startTurn().observeWebsocket();
    message(texts[0]);
    const error = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    close(error);
    expect(told('recordWebsocketEvent').at(-1)).toMatchObject({ error });
    expect(spansNamed('receiving_stream')[0]?.attributes['error.type']).toBe('ECONNRESET');
    expect(spansNamed('receiving_stream')[0]?.status.code).toBe(SpanStatusCode.ERROR);
  });

  it('records of a failure that the response was not completed, once, and nothing of server-sent events', () => {
    const { startTurn, told } = fakeSession();
    const { message } = startTurn().observeWebsocket();
    for (const event of FAILURE) message(JSON.stringify(event));
    expect(told('sseEventCompletedFailed')).toMatchObject([{ error: { code: 'insufficient_quota' } }]);
    expect([...told('sseEventFailed'), ...told('logSseEvent')]).toEqual([]);
  });

  it.each([
    ['text that is not JSON', 'not-json'],
    ['binary', new ArrayBuffer(8)],
    ['nothing', undefined],
  ])('ignores %s, apart from counting the frame', (_what, data) => {
    const { startTurn, told } = fakeSession();
    const { message } = startTurn().observeWebsocket();
    message(data);
    for (const text of texts) message(text);
    expect(told('recordWebsocketEvent')[0]).toMatchObject({ data });
    expect(told('sseEventCompleted')).toHaveLength(1);
  });
});
