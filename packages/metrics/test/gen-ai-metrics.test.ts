import { describe, expect, it } from '@jest/globals';
import type { MetricsSink } from '../src/index.ts';
import {
  genAiChunkRecorder,
  recordGenAiAgentInvocation,
  recordGenAiInference,
  recordGenAiToolExecution,
  recordMcpClientOperation,
} from '../src/index.ts';
import { histogramPoints, inMemoryClient, metricNamed, metricsOf, numberPoints } from './in-memory-client.ts';

type Sink = Pick<MetricsSink, 'counter' | 'histogram' | 'histogramWithBoundaries'>;

const inference = {
  providerName: 'openai',
  requestModel: 'gpt-5.1',
  responseModel: 'gpt-5.1',
  seconds: 1.5,
  secondsToFirstChunk: 0.5,
  usage: {
    inputTokens: 20,
    outputTokens: 3,
    cacheReadInputTokens: 8,
    cacheWriteInputTokens: 4,
    reasoningOutputTokens: 1,
  },
};

function recordAll(sink: Sink): void {
  recordGenAiInference(sink, inference);
  genAiChunkRecorder(sink, inference)(0.02);
  recordGenAiAgentInvocation(sink, { agentName: 'coder', seconds: 5, inferenceCalls: 2, toolCalls: 0 });
  recordGenAiToolExecution(sink, { toolName: 'shell', seconds: 0.1 });
  recordMcpClientOperation(sink, { toolName: 'search', transport: 'pipe', seconds: 0.1 });
}

// Restated from the metrics of the release: a doubling series of seconds, powers of 4 of tokens, and three short lists.
const S = Array.from({ length: 14 }, (_, index) => Number((0.01 * 2 ** index).toFixed(2)));
const T = Array.from({ length: 14 }, (_, index) => 4 ** index);
const L = Array.from({ length: 13 }, (_, index) => Number((0.1 * 2 ** index).toFixed(1)));
const N = Array.from({ length: 8 }, (_, index) => 2 ** index);
const M = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

const TABLE: readonly (readonly [
  name: string,
  unit: string,
  boundaries: readonly number[] | 'counter',
  value: number,
])[] = [
  ['gen_ai.client.inference.duration', 's', S, 1.5],
  ['gen_ai.client.inference.operation.input_tokens', '{token}', T, 20],
  ['gen_ai.client.inference.operation.output_tokens', '{token}', T, 3],
  ['gen_ai.client.inference.time_per_output_chunk', 's', S, 0.02],
  ['gen_ai.client.inference.time_to_first_chunk', 's', S, 0.5],
  ['gen_ai.client.inference.usage.cache_read.input_tokens', '{token}', 'counter', 8],
  ['gen_ai.client.inference.usage.cache_write.input_tokens', '{token}', 'counter', 4],
  ['gen_ai.client.inference.usage.input_tokens', '{token}', 'counter', 20],
  ['gen_ai.client.inference.usage.output_tokens', '{token}', 'counter', 3],
  ['gen_ai.client.inference.usage.reasoning.output_tokens', '{token}', 'counter', 1],
  ['gen_ai.execute_tool.duration', 's', S, 0.1],
  ['gen_ai.invoke_agent.duration', 's', L, 5],
  ['gen_ai.invoke_agent.inference_calls', '{inference_call}', N, 2],
  ['gen_ai.invoke_agent.tool_calls', '{tool_call}', N, 0],
  ['mcp.client.operation.duration', 's', M, 0.1],
];

describe('the metrics of the GenAI conventions', () => {
  it('are those of the release, with their units and boundaries', async () => {
    const { client, exporter } = await inMemoryClient();
    recordAll(client);
    await client.shutdown();
    const exported = exporter.getMetrics();
    expect(
      metricsOf(exported)
        .map(({ descriptor }) => descriptor.name)
        .sort(),
    ).toEqual(TABLE.map(([name]) => name));
    for (const [name, unit, boundaries, value] of TABLE) {
      const metric = metricNamed(exported, name);
      expect([name, metric.descriptor.unit, metric.descriptor.description]).toEqual([
        name,
        unit,
        expect.stringMatching(/./),
      ]);
      if (boundaries === 'counter') {
        expect([name, numberPoints(metric).map((point) => point.value)]).toEqual([name, [value]]);
      } else {
        const [point] = histogramPoints(metric);
        expect([name, point?.value.sum, point?.value.buckets.boundaries]).toEqual([name, value, boundaries]);
      }
    }
  });

  it('count a call without usage as 0 tokens, and leave out what was not reported', async () => {
    const { client, exporter } = await inMemoryClient();
    recordGenAiInference(client, { seconds: 1, errorType: 'timeout' });
    await client.shutdown();
    expect(
      metricsOf(exporter.getMetrics())
        .map(({ descriptor }) => descriptor.name)
        .sort(),
    ).toEqual([
      'gen_ai.client.inference.duration',
      'gen_ai.client.inference.operation.input_tokens',
      'gen_ai.client.inference.operation.output_tokens',
      'gen_ai.client.inference.usage.input_tokens',
      'gen_ai.client.inference.usage.output_tokens',
    ]);
    const common = { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai' };
    const input = metricNamed(exporter.getMetrics(), 'gen_ai.client.inference.usage.input_tokens');
    expect(numberPoints(input)).toEqual([{ attributes: { ...common, 'gen_ai.token.modality': 'unknown' }, value: 0 }]);
    const duration = metricNamed(exporter.getMetrics(), 'gen_ai.client.inference.duration');
    expect(histogramPoints(duration)[0]?.attributes).toEqual({ ...common, 'error.type': 'timeout' });
  });

  it('fall back to plain histograms', () => {
    const recorded: string[] = [];
    const keep = (name: string) => recorded.push(name);
    recordAll({ counter: keep, histogram: keep });
    expect(recorded.sort()).toEqual(TABLE.map(([name]) => name));
  });
});
