import { describe, expect, it } from '@jest/globals';
import { startSessionTurn } from '../../src/turn/recorded-turn.ts';
import { fakeSession, reportedFailures } from './fake-session.ts';
import { MODES, play, recordingSink } from './gen-ai-turn.ts';
import { readAll, responseEnd, responseUsage, streamOf, TOOL_CALL } from './response-streams.ts';

describe('the metrics of the GenAI conventions', () => {
  it('are recorded for each call, turn and tool', async () => {
    const { session } = fakeSession();
    const { metrics, recorded } = recordingSink();
    let now = 1000;
    const options = {
      turnId: 'turn-1',
      genAi: 'attributes',
      genAiProvider: 'azure.ai.openai',
      now: () => now,
    } as const;
    const turn = startSessionTurn({ ...session, metrics, agentName: 'coder' }, options);
    const stream = turn.observeResponse(streamOf(TOOL_CALL), { requestedAt: 250 });
    await readAll(stream);
    await turn.tool({ toolName: 'shell', callId: 'call_1', arguments: '{}' }, () => {
      now = 3000;
    });
    const failing = () => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNRESET' }));
    await turn.observeResponse(failing).catch(() => undefined);
    const call = { serverName: 'docs', toolName: 'search', callId: 'call_2', serverOrigin: 'stdio' };
    await turn.mcpToolCall(call, () => ({ isError: true }));
    turn.end({ error: { code: 'failed' } });

    const model = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'azure.ai.openai',
      'gen_ai.request.model': 'gpt-5.6-sol',
    };
    const answered = { ...model, 'gen_ai.response.model': 'gpt-5.6-sol-2026-08-01' };
    const counted = { ...answered, 'gen_ai.token.modality': 'unknown' };
    const failed = { ...model, 'error.type': 'ECONNRESET' };
    const nothing = { ...model, 'gen_ai.token.modality': 'unknown' };
    const agent = { 'gen_ai.agent.name': 'coder' };
    const chunks = recorded.filter(({ name }) => name.endsWith('time_per_output_chunk'));
    expect(chunks).toHaveLength(TOOL_CALL.length - 1);
    expect(chunks[0]).toMatchObject({ value: 0, tags: model, unit: 's' });
    const others = recorded.filter((each) => !chunks.includes(each));
    expect(others.map(({ name, value, tags }) => [name, value, tags])).toEqual([
      ['gen_ai.client.inference.duration', 0.75, answered],
      ['gen_ai.client.inference.time_to_first_chunk', 0.75, answered],
      ['gen_ai.client.inference.operation.input_tokens', 100, answered],
      ['gen_ai.client.inference.operation.output_tokens', 20, answered],
      ['gen_ai.client.inference.usage.input_tokens', 100, counted],
      ['gen_ai.client.inference.usage.output_tokens', 20, counted],
      ['gen_ai.client.inference.usage.cache_read.input_tokens', 64, counted],
      ['gen_ai.client.inference.usage.cache_write.input_tokens', 0, counted],
      ['gen_ai.client.inference.usage.reasoning.output_tokens', 0, counted],
      ['gen_ai.execute_tool.duration', 2, { 'gen_ai.tool.name': 'shell', 'gen_ai.tool.type': 'function', ...agent }],
      ['gen_ai.client.inference.duration', 0, failed],
      ['gen_ai.client.inference.operation.input_tokens', 0, failed],
      ['gen_ai.client.inference.operation.output_tokens', 0, failed],
      ['gen_ai.client.inference.usage.input_tokens', 0, nothing],
      ['gen_ai.client.inference.usage.output_tokens', 0, nothing],
      [
        'mcp.client.operation.duration',
        0,
        {
          'mcp.method.name': 'tools/call',
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'search',
          'error.type': 'tool_error',
          'network.transport': 'pipe',
        },
      ],
      ['gen_ai.invoke_agent.duration', 2, { ...agent, 'gen_ai.request.model': 'gpt-5.6-sol', 'error.type': 'failed' }],
      ['gen_ai.invoke_agent.inference_calls', 2, agent],
      ['gen_ai.invoke_agent.tool_calls', 1, agent],
    ]);
  });

  it('also have the two former ones if requested', async () => {
    const { session } = fakeSession();
    const { metrics, recorded } = recordingSink();
    const turn = startSessionTurn({ ...session, metrics }, { turnId: 'turn-1', genAi: 'spans', genAiOldMetrics: true });
    await readAll(turn.observeResponse(streamOf(TOOL_CALL)));
    const old = recorded.filter(({ name }) => /^gen_ai\.client\.(operation|token)\./.test(name));
    expect(old.map(({ name, value, unit, tags }) => [name, unit, tags?.['gen_ai.token.type'] ?? value >= 0])).toEqual([
      ['gen_ai.client.operation.duration', 's', true],
      ['gen_ai.client.token.usage', '{token}', 'input'],
      ['gen_ai.client.token.usage', '{token}', 'output'],
    ]);
  });

  it('count usage that is reported after its call', async () => {
    const { session } = fakeSession();
    const { metrics, recorded } = recordingSink();
    const turn = startSessionTurn({ ...session, metrics }, { turnId: 'turn-1', genAi: 'attributes' });
    const begun = (id: string) => ({ type: 'response.created', response: { id } });
    const end = responseEnd('response.completed', { id: 'resp_1', usage: responseUsage(3, 1, 5, 2) });
    await readAll(turn.observeResponse(streamOf([begun('resp_1'), begun('resp_2'), end])));
    const input = recorded.filter(({ name }) => name === 'gen_ai.client.inference.usage.input_tokens');
    expect(input.map(({ value }) => value)).toEqual([0, 3, 0]);
  });

  const completion = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o' };
  const counts = { input_tokens: 3, output_tokens: 5 };
  it.each<[string, readonly object[]]>([
    [
      'Chat Completions, which have no event for their end',
      [
        { ...completion, choices: [{ index: 0, delta: { content: 'hi' }, finish_reason: 'stop' }] },
        { ...completion, choices: [], usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 } },
      ],
    ],
    [
      "Anthropic's messages, cut off before their last event",
      [
        { type: 'message_start', message: { id: 'm1', model: 'claude', content: [], usage: counts } },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: counts },
      ],
    ],
  ])('have the usage and the end of %s', async (_name, events) => {
    for (const genAi of MODES) {
      const { session, spans } = fakeSession();
      const { metrics, recorded } = recordingSink();
      const turn = startSessionTurn({ ...session, metrics }, { turnId: 'turn-1', genAi });
      await readAll(turn.observeResponse(streamOf(events)));
      turn.end();
      const carriers = spans().filter(({ attributes }) => 'gen_ai.response.finish_reasons' in attributes);
      expect(carriers.map(({ attributes }) => attributes['gen_ai.response.finish_reasons'])).toEqual([['stop']]);
      const input = recorded.filter(({ name }) => name === 'gen_ai.client.inference.operation.input_tokens');
      expect(input).toMatchObject([{ value: 3 }]);
    }
  });

  it('do not throw into the agent if they cannot be recorded', async () => {
    const { session } = fakeSession();
    const fail = () => {
      throw new Error('a sink that throws');
    };
    const metrics = { ...recordingSink().metrics, counter: fail, histogramWithBoundaries: fail };
    const turn = startSessionTurn({ ...session, metrics }, { turnId: 'turn-1', genAi: 'spans' });
    await play(turn);
    expect(turn.end().inputTokens).toBe(103);
    expect(new Set(reportedFailures.splice(0))).toEqual(
      new Set(
        [
          'the GenAI metrics of a tool',
          'the GenAI metrics of a turn',
          'the GenAI metrics of an MCP call',
          'the metrics of a model call',
          'the time between two events',
        ].map((what) => `codex-otel/session-telemetry: cannot record ${what}`),
      ),
    );
  });
});
