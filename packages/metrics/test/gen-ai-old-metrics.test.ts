import { describe, expect, it } from '@jest/globals';
import { recordGenAiOperationDuration, recordGenAiTokenUsage } from '../src/index.ts';
import { histogramPoints, inMemoryClient, metricNamed } from './in-memory-client.ts';

describe('recordGenAiTokenUsage', () => {
  it('records input and output as the conventions say', async () => {
    const { client, exporter } = await inMemoryClient();

    recordGenAiTokenUsage(client, {
      requestModel: 'gpt-5.1',
      responseModel: 'gpt 5.1',
      inputTokens: 20,
      outputTokens: 3,
    });
    await client.shutdown();

    const metric = metricNamed(exporter.getMetrics(), 'gen_ai.client.token.usage');
    const common = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-5.1',
      'gen_ai.response.model': 'gpt_5.1',
    };
    expect(metric.descriptor.unit).toBe('{token}');
    expect(histogramPoints(metric).map(({ attributes, value }) => [attributes, value.sum])).toEqual([
      [{ ...common, 'gen_ai.token.type': 'input' }, 20],
      [{ ...common, 'gen_ai.token.type': 'output' }, 3],
    ]);
    expect(histogramPoints(metric)[0]?.value.buckets.boundaries).toEqual(
      Array.from({ length: 14 }, (_, exponent) => 4 ** exponent),
    );
  });

  it('falls back to a plain histogram', () => {
    const recorded: unknown[] = [];

    recordGenAiTokenUsage(
      { histogram: (name, value, tags) => recorded.push([name, value, tags?.['gen_ai.token.type']]) },
      { inputTokens: 1, outputTokens: 2 },
    );

    expect(recorded).toEqual([
      ['gen_ai.client.token.usage', 1, 'input'],
      ['gen_ai.client.token.usage', 2, 'output'],
    ]);
  });
});

describe('recordGenAiOperationDuration', () => {
  it('records seconds as the conventions say', async () => {
    const { client, exporter } = await inMemoryClient();

    recordGenAiOperationDuration(client, {
      operationName: 'invoke_agent',
      providerName: 'azure.ai.openai',
      serverAddress: 'api.example.com',
      serverPort: 443,
      seconds: 1.5,
      errorType: 'rate_limit_exceeded',
    });
    await client.shutdown();

    const metric = metricNamed(exporter.getMetrics(), 'gen_ai.client.operation.duration');
    expect(metric.descriptor.unit).toBe('s');
    expect(histogramPoints(metric)).toMatchObject([
      {
        attributes: {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.provider.name': 'azure.ai.openai',
          'server.address': 'api.example.com',
          'server.port': '443',
          'error.type': 'rate_limit_exceeded',
        },
        value: { sum: 1.5, buckets: { boundaries: Array.from({ length: 14 }, (_, index) => 2 ** index / 100) } },
      },
    ]);
  });
});
