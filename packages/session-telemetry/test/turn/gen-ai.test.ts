import { compactTask, responseUsageAttributes } from '@codex-otel/token-usage';
import { describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { GenAiMode } from '../../src/turn/gen-ai/gen-ai.ts';
import {
  executeToolAttributes,
  inferenceAttributes,
  invokeAgentAttributes,
  mcpClientAttributes,
} from '../../src/turn/gen-ai/gen-ai-attributes.ts';
import { startSessionTurn } from '../../src/turn/recorded-turn.ts';
import type { SessionTurnOptions } from '../../src/turn/session-turn.ts';
import { sessionSpans } from '../../src/turn/span-definitions.ts';
import { fakeSession } from './fake-session.ts';
import { MODES, play, recordingSink } from './gen-ai-turn.ts';
import { ANSWER, FAILURE, readAll, responseEnd, responseUsage, streamOf } from './response-streams.ts';

const usageKeys = ({ attributes }: ReadableSpan) => Object.keys(attributes).filter((key) => key.includes('usage.'));

const inferences = (spans: readonly ReadableSpan[]) =>
  spans.filter(({ attributes }) => attributes['gen_ai.operation.name'] === 'chat');

describe('without the GenAI conventions', () => {
  it.each<Partial<SessionTurnOptions>>([{}, { genAi: 'off' }, { genAi: 'Spans' as GenAiMode }])(
    'no span and no metric has any of their names: %j',
    async (options) => {
      const { session, spans } = fakeSession();
      const { metrics, recorded } = recordingSink();
      const genAi = options.genAi === 'off' ? 'spans' : undefined;
      const turn = startSessionTurn({ ...session, genAi, metrics }, { turnId: 'turn-1', ...options });
      await play(turn);
      turn.end();
      const names = new Set(sessionSpans.map(({ name }) => name.replace('*', 'turn')));
      expect(spans().filter(({ name }) => !names.has(name))).toEqual([]);
      const ofCodex =
        /^gen_ai\.(usage\.(input|output|cache_read\.input|cache_write\.input)_tokens|response\.(id|model)|conversation\.id)$/;
      const others = spans().flatMap(({ attributes }) =>
        Object.keys(attributes).filter((key) => key.startsWith('gen_ai.')),
      );
      expect(others.filter((key) => !ofCodex.test(key))).toEqual([]);
      expect(recorded).toEqual([]);
    },
  );
});

describe('genAi: attributes', () => {
  const shown = async (genAi: GenAiMode | 'off', added: ReadonlySet<string>) => {
    const { startTurn, spans } = fakeSession();
    const turn = startTurn({ genAi, now: () => 1000 });
    await play(turn);
    turn.end();
    return spans().map(({ name, kind, status, attributes, links }) => {
      const kept = Object.entries(attributes).filter(([key]) => !added.has(key));
      return JSON.stringify([name, kind, status, kept, links.length]);
    });
  };

  it('adds to what Codex sends, and changes nothing of it', async () => {
    const own = new Set(Object.keys(responseUsageAttributes));
    const tables = [inferenceAttributes, invokeAgentAttributes, executeToolAttributes, mcpClientAttributes];
    const added = new Set(tables.flatMap((table) => Object.keys(table)).filter((key) => !own.has(key)));
    // The end of a response has these anyway; on other spans they are new.
    const off = await shown(
      'off',
      new Set([...added, 'gen_ai.conversation.id', 'gen_ai.response.id', 'gen_ai.response.model']),
    );
    const on = await shown(
      'attributes',
      new Set([...added, 'gen_ai.conversation.id', 'gen_ai.response.id', 'gen_ai.response.model']),
    );
    expect(on).toEqual(off);
  });
});

describe.each(MODES)('with genAi: %s', (genAi) => {
  it('exactly one span of each response carries usage, and says what the call was', async () => {
    const { startTurn, spans } = fakeSession();
    const turn = startTurn({ genAi });
    await play(turn);
    turn.end();
    const carriers = spans().filter((span) => usageKeys(span).some((key) => key.startsWith('gen_ai.usage.')));
    expect(carriers.map(({ attributes }) => attributes['gen_ai.response.id'])).toEqual(['resp_2', 'resp_9']);
    // The failed call reported no usage, but is a call too.
    expect(inferences(spans()).map(({ attributes }) => attributes['gen_ai.response.id'])).toEqual([
      'resp_2',
      'resp_9',
      'resp_3',
    ]);
    for (const { name, kind } of inferences(spans())) {
      expect(name).toBe(genAi === 'spans' ? 'chat gpt-5.6-sol' : 'handle_responses');
      expect(kind).toBe(genAi === 'spans' ? SpanKind.CLIENT : SpanKind.INTERNAL);
    }
  });

  it('usage that is reported after its call is on one span too', async () => {
    const { startTurn, spans } = fakeSession();
    const turn = startTurn({ genAi });
    const begun = (id: string) => ({ type: 'response.created', response: { id } });
    const usage = responseUsage(3, 1, 5, 2);
    const ends = ['resp_1', 'resp_2'].map((id) => responseEnd('response.completed', { id, usage }));
    await readAll(turn.observeResponse(streamOf([begun('resp_1'), begun('resp_2'), ...ends])));
    turn.end();
    const carriers = spans().filter((span) => 'gen_ai.usage.input_tokens' in span.attributes);
    expect(carriers.map(({ attributes }) => attributes['gen_ai.response.id'])).toEqual(['resp_1', 'resp_2']);
    expect(inferences(spans())).toHaveLength(2);
  });

  it('marks a call that broke off, and one that was not streamed', async () => {
    const { startTurn, spans } = fakeSession();
    const turn = startTurn({ genAi });
    await readAll(turn.observeResponse(streamOf(ANSWER.slice(0, 4))));
    turn.recordResponse({ id: 'resp_5', object: 'response', status: 'completed', output: [] });
    turn.end();
    const [broken, whole] = inferences(spans()).map(({ attributes }) => attributes);
    expect(broken).toMatchObject({
      'gen_ai.request.stream': true,
      'gen_ai.response.finish_reasons': ['error'],
    });
    expect(whole).toMatchObject({ 'gen_ai.response.id': 'resp_5', 'gen_ai.response.finish_reasons': ['stop'] });
    expect(Object.keys(whole ?? {})).not.toContain('gen_ai.request.stream');
    expect(Object.keys(whole ?? {})).not.toContain('gen_ai.response.time_to_first_chunk');
  });

  it('counts from the request to the first event', async () => {
    const { startTurn, spans } = fakeSession();
    let now = 100;
    const turn = startTurn({ genAi, now: () => now });
    now = 250;
    const stream = turn.observeResponse(streamOf(ANSWER), { requestedAt: 150 });
    now = 400;
    await readAll(stream);
    turn.end();
    expect(inferences(spans())[0]?.attributes['gen_ai.response.time_to_first_chunk']).toBe(0.25);
  });

  it('says what was asked for, and nothing that is content', async () => {
    const { startTurn, spans } = fakeSession();
    const turn = startTurn({
      genAi,
      genAiProvider: 'anthropic',
      genAiServer: 'https://u:canary@h.test/canary?k=canary',
    });
    const request = { max_tokens: 5, stop_sequences: ['canary'], system: 'canary', messages: [{ content: 'canary' }] };
    await readAll(turn.observeResponse(streamOf(ANSWER), { request }));
    await turn.observeResponse(() => streamOf(ANSWER), { request: 'canary' });
    turn.end();
    expect(inferences(spans())[0]?.attributes).toMatchObject({
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.max_tokens': 5,
      'server.address': 'h.test',
      'server.port': 443,
    });
    expect(JSON.stringify(spans().map(({ name, attributes }) => [name, attributes]))).not.toContain('canary');
  });

  it.each([
    ['a summary', compactTask, ANSWER],
    [
      'a compaction of the server',
      undefined,
      [{ type: 'response.output_item.done', item: { type: 'compaction' } }, ...ANSWER],
    ],
  ])('marks that %s compacts the conversation', async (_what, task, events) => {
    const { startTurn, spans } = fakeSession();
    const turn = startTurn({ genAi, task });
    await readAll(turn.observeResponse(streamOf(events)));
    turn.end();
    expect(inferences(spans())[0]?.attributes['gen_ai.conversation.compacted']).toBe(true);
  });

  it.each([
    ['stop', responseEnd('response.completed', {})],
    ['length', responseEnd('response.incomplete', { incomplete_details: { reason: 'max_output_tokens' } })],
    ['content_filter', responseEnd('response.incomplete', { incomplete_details: { reason: 'content_filter' } })],
    ['error', responseEnd('response.failed', { error: { code: 'server_error' } })],
    ['error', responseEnd('response.cancelled', {})],
    ['tool_call', responseEnd('response.completed', { output: [{ type: 'function_call' }] })],
  ])('finishes with %s', async (reason, event) => {
    const { startTurn, spans } = fakeSession();
    await readAll(startTurn({ genAi }).observeResponse(streamOf([event])));
    expect(inferences(spans())[0]?.attributes['gen_ai.response.finish_reasons']).toEqual([reason]);
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['tool_use', 'tool_call'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'content_filter'],
    ['pause_turn', 'pause_turn'],
  ])("translate the stop reason %s of Anthropic's messages to %s", async (stopReason, reason) => {
    const { startTurn, spans } = fakeSession();
    const turn = startTurn({ genAi });
    const message = [
      { type: 'message_start', message: { id: 'm', usage: { input_tokens: 9, output_tokens: 0 } } },
      { type: 'message_delta', delta: { stop_reason: stopReason }, usage: { output_tokens: 1 } },
      { type: 'message_stop' },
    ];
    await readAll(turn.observeResponse(streamOf(message)));
    turn.end();
    expect(inferences(spans())[0]?.attributes['gen_ai.response.finish_reasons']).toEqual([reason]);
  });

  it('names the tool that was called, and how an MCP call failed', async () => {
    const { session, spans } = fakeSession();
    const turn = startSessionTurn({ ...session, agentName: 'coder' }, { turnId: 'turn-1', genAi });
    await turn.tool({ toolName: 'shell', callId: 'call_1', arguments: '{}' }, () => 'ok');
    const refused = Object.assign(new Error('secret'), { name: 'McpError', code: -32_602 });
    const call = { serverName: 'docs', toolName: 'search', callId: 'call_2', serverOrigin: 'https://mcp.test/x' };
    await turn.mcpToolCall(call, () => Promise.reject(refused)).catch(() => undefined);
    turn.end();
    const [tool, mcp, agent] = spans();
    const isCodex = genAi === 'attributes';
    expect(tool?.name).toBe(isCodex ? 'handle_tool_call' : 'execute_tool shell');
    expect(tool?.attributes).toMatchObject({
      tool_name: 'shell',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'shell',
      'gen_ai.tool.call.id': 'call_1',
      'gen_ai.tool.type': 'function',
      'gen_ai.agent.name': 'coder',
    });
    expect(mcp?.name).toBe(isCodex ? 'mcp.tools.call' : 'tools/call search');
    expect(mcp?.kind).toBe(SpanKind.CLIENT);
    expect(mcp?.attributes).toMatchObject({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'search',
      'network.transport': 'tcp',
      'rpc.response.status_code': '-32602',
      'error.type': isCodex ? 'McpError' : '-32602',
    });
    expect(agent?.name).toBe(isCodex ? 'session_task.turn' : 'invoke_agent coder');
    expect(agent?.attributes).toMatchObject({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.conversation.id': session.conversationId,
      'thread.id': session.conversationId,
    });
  });
});

it('with genAi: spans the turn carries no usage, and a failed call fails its span', async () => {
  const { startTurn, spans } = fakeSession();
  const turn = startTurn({ genAi: 'spans' });
  await readAll(turn.observeResponse(streamOf(ANSWER)));
  await readAll(turn.observeResponse(streamOf(FAILURE)));
  turn.end();
  const agent = spans().find(({ name }) => name === 'invoke_agent');
  expect(agent && usageKeys(agent)).toEqual([]);
  const failed = inferences(spans())[1];
  expect(failed?.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(failed?.attributes['error.type']).toBe('insufficient_quota');
});
