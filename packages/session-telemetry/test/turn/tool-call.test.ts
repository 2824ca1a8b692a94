import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { fakeSession, nanosOf } from './fake-session.ts';

/** Whole nanoseconds, which no `number` can hold. */

const call = { toolName: 'shell', callId: 'call_1', arguments: '{"cmd":"ls"}' };

describe('SessionTurn.tool', () => {
  afterEach(() => context.disable());

  it('runs the tool in a span of its own, below the turn, and logs the result there', async () => {
    const { startTurn, spansNamed, calls } = fakeSession();
    const turn = startTurn();
    await expect(turn.tool(call, () => 'output')).resolves.toBe('output');
    const [span] = spansNamed('handle_tool_call');
    expect(span?.attributes).toEqual({ tool_name: 'shell', call_id: 'call_1' });
    expect(span?.parentSpanContext?.spanId).toBe(turn.span.spanContext().spanId);
    const spanId = span?.spanContext().spanId;
    const named = { turnId: 'turn-1', toolName: 'shell', callId: 'call_1' };
    expect(calls.slice(1)).toMatchObject([
      { method: 'recordToolCallReceived', options: named, spanId },
      { method: 'logToolResult', options: call, spanId },
      { method: 'recordToolResultReady', options: named, spanId },
    ]);
  });

  it('passes an error on untouched, and puts its kind on the span', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const mine = Object.assign(new Error('secret: no such file'), { code: 'ENOENT' });
    const failing = startTurn().tool(call, () => {
      throw mine;
    });
    await expect(failing).rejects.toBe(mine);
    const [span] = spansNamed('handle_tool_call');
    expect(span?.attributes['error.type']).toBe('ENOENT');
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span?.events).toEqual([]);
  });

  it('has a span that lies within that of the turn', async () => {
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const { startTurn, spans } = fakeSession();
      const turn = startTurn();
      await turn.tool(call, () => 'output');
      turn.end();
      const [tool, whole] = spans().map(({ startTime, endTime }) => ({
        start: nanosOf(startTime),
        end: nanosOf(endTime),
      }));
      expect(tool?.start).toBeGreaterThanOrEqual(whole?.start ?? 0n);
      expect(tool?.end).toBeLessThanOrEqual(whole?.end ?? 0n);
    }
  });

  it('carries no arguments and no output on the span', async () => {
    const { startTurn, spans } = fakeSession();
    await startTurn().tool({ ...call, arguments: 'secret' }, () => 'secret');
    expect(JSON.stringify(spans().map((span) => [span.attributes, span.events]))).not.toContain('secret');
  });

  it('is counted on the turn', async () => {
    const { startTurn, told } = fakeSession();
    const turn = startTurn();
    await Promise.all([turn.tool(call, () => 1), turn.tool(call, () => 2)]);
    await expect(turn.tool(call, () => Promise.reject(new Error('3')))).rejects.toThrow('3');
    turn.end();
    expect(told('histogram')).toContainEqual({
      name: 'codex.turn.tool.call',
      value: 3,
      tags: { tmp_mem_enabled: 'false' },
    });
  });

  it('passes its context to the tool without a context manager', async () => {
    const { startTurn, spansNamed } = fakeSession();
    const turn = startTurn();
    await turn.tool(call, (outer) => turn.tool({ ...call, callId: 'call_2', parent: outer }, () => undefined));
    const [inner, outer] = spansNamed('handle_tool_call');
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
  });

  describe('with a context manager', () => {
    beforeEach(() => {
      context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    });

    it('makes its span active, so that calls within calls nest', async () => {
      const { startTurn, spansNamed } = fakeSession();
      const turn = startTurn();
      await turn.run(() =>
        turn.tool(call, async (toolContext) => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          expect(trace.getActiveSpan()).toBe(trace.getSpan(toolContext));
          await turn.tool({ ...call, callId: 'call_2' }, () => undefined);
        }),
      );
      const [inner, outer] = spansNamed('handle_tool_call');
      expect(inner?.attributes.call_id).toBe('call_2');
      expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
      expect(outer?.parentSpanContext?.spanId).toBe(turn.span.spanContext().spanId);
    });

    it('stays with its turn inside a span of another library', async () => {
      const { startTurn, spansNamed, provider } = fakeSession();
      const turn = startTurn();
      const other = startTurn({ turnId: 'turn-2' });
      await other.run(() => turn.tool(call, () => undefined));
      const foreign = trace.setSpan(context.active(), provider.getTracer('x').startSpan('foreign'));
      await context.with(foreign, () => turn.tool(call, () => undefined));
      const parents = spansNamed('handle_tool_call').map((span) => span.parentSpanContext?.spanId);
      expect(parents).toEqual([turn.span.spanContext().spanId, turn.span.spanContext().spanId]);
    });
  });
});
