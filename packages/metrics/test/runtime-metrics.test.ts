import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MetricsClient, RuntimeMetricsSummary } from '../src/index.ts';
import {
  isEmptyRuntimeMetrics,
  mergeRuntimeMetrics,
  NO_RUNTIME_METRICS,
  responsesApiSummary,
  runtimeMetricsSummary,
} from '../src/index.ts';
import { inMemoryClient, metricNamed, metricsOf, numberPoints } from './in-memory-client.ts';

const clients: MetricsClient[] = [];

async function clientWithReader() {
  const made = await inMemoryClient({ runtimeReader: true, defaultTags: { service: 'codex-cli' } });
  clients.push(made.client);
  return made;
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.shutdown()));
});

function recordCase36(client: MetricsClient): void {
  client.counter('codex.tool.call', 1, { tool: 'shell', success: 'true' });
  client.recordDuration('codex.tool.call.duration_ms', 250, { tool: 'shell', success: 'true' });
  client.counter('codex.api_request', 1, { status: '200', success: 'true' });
  client.recordDuration('codex.api_request.duration_ms', 300, { status: '200', success: 'true' });
  client.counter('codex.websocket.request', 1, { success: 'true' });
  client.recordDuration('codex.websocket.request.duration_ms', 400, { success: 'true' });
  client.counter('codex.sse_event', 1, { kind: 'response.created', success: 'true' });
  client.recordDuration('codex.sse_event.duration_ms', 120, { kind: 'response.created', success: 'true' });
  for (const [kind, millis] of [['response.created', 80] as const, ['responsesapi.websocket_timing', 20] as const]) {
    client.counter('codex.websocket.event', 1, { kind, success: 'true' });
    client.recordDuration('codex.websocket.event.duration_ms', millis, { kind, success: 'true' });
  }
  client.recordDuration('codex.responses_api_overhead.duration_ms', 124);
  client.recordDuration('codex.responses_api_inference_time.duration_ms', 457);
  client.recordDuration('codex.responses_api_engine_iapi_ttft.duration_ms', 211);
  client.recordDuration('codex.responses_api_engine_service_ttft.duration_ms', 233);
  client.recordDuration('codex.responses_api_engine_iapi_tbt.duration_ms', 377.5);
  client.recordDuration('codex.responses_api_engine_service_tbt.duration_ms', 399.25);
  client.recordDuration('codex.turn.ttft.duration_ms', 95);
  client.recordDuration('codex.turn.ttfm.duration_ms', 180);
}

const case36: RuntimeMetricsSummary = {
  toolCalls: { count: 1, durationMillis: 250 },
  apiCalls: { count: 1, durationMillis: 300 },
  streamingEvents: { count: 1, durationMillis: 120 },
  websocketCalls: { count: 1, durationMillis: 400 },
  websocketEvents: { count: 2, durationMillis: 100 },
  responsesApiOverheadMillis: 124,
  responsesApiInferenceTimeMillis: 457,
  responsesApiEngineIapiTtftMillis: 211,
  responsesApiEngineServiceTtftMillis: 233,
  responsesApiEngineIapiTbtMillis: 377.5,
  responsesApiEngineServiceTbtMillis: 399.25,
  turnTtftMillis: 95,
  turnTtfmMillis: 180,
};

describe('MetricsClient.snapshot', () => {
  it('holds what was recorded, without an export', async () => {
    const { client, exporter } = await clientWithReader();
    client.counter('codex.tool.call', 1, { tool: 'shell', success: 'true' });

    const snapshot = await client.snapshot();

    expect(numberPoints(metricNamed(snapshot, 'codex.tool.call'))).toEqual([
      { value: 1, attributes: { service: 'codex-cli', success: 'true', tool: 'shell' } },
    ]);
    expect(exporter.getMetrics()).toEqual([]);
  });

  it('is unavailable without a runtime reader', async () => {
    const { client } = await inMemoryClient();

    await expect(client.snapshot()).rejects.toMatchObject({ code: 'RUNTIME_SNAPSHOT_UNAVAILABLE' });
  });

  it('and exports both see every sample, once, when they run at the same time', async () => {
    const { client, exporter } = await clientWithReader();
    let snapshots = 0;
    let recorded = 0;

    await Promise.all([
      (async () => {
        for (; recorded < 5000; recorded += 1) {
          client.counter('c', 1, { group: `${recorded % 7}` });
          if (recorded % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
      })(),
      (async () => {
        while (recorded < 5000) {
          snapshots += total(metricsOf(await client.snapshot()));
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      })(),
      (async () => {
        while (recorded < 5000) {
          await client.forceFlush();
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      })(),
    ]);
    snapshots += total(metricsOf(await client.snapshot()));
    await client.shutdown();

    expect(snapshots).toBe(5000);
    expect(total(metricsOf(exporter.getMetrics()))).toBe(5000);
    expect(exporter.getMetrics().length).toBeGreaterThan(1);
  });
});

function total(metrics: ReturnType<typeof metricsOf>): number {
  return metrics.flatMap(numberPoints).reduce((sum, point) => sum + point.value, 0);
}

describe('runtimeMetricsSummary', () => {
  it('sums up what a session did, over all tags', async () => {
    const { client } = await clientWithReader();
    client.counter('codex.tool.call', 5);
    await client.snapshot();
    recordCase36(client);

    expect(runtimeMetricsSummary(await client.snapshot())).toEqual(case36);
    expect(isEmptyRuntimeMetrics(runtimeMetricsSummary(await client.snapshot()))).toBe(true);
  });

  it('counts nothing for a metric of another kind', async () => {
    const { client } = await clientWithReader();
    client.histogram('codex.tool.call', 5);
    client.counter('codex.turn.ttft.duration_ms', 5);

    expect(isEmptyRuntimeMetrics(runtimeMetricsSummary(await client.snapshot()))).toBe(true);
  });

  it.each([
    [-5, 0],
    [0, 0],
    [1.5, 2],
    [0.4, 0],
    [1e300, 2 ** 64],
  ])('rounds a sum of %p to %p', async (sum, wanted) => {
    const { client } = await clientWithReader();
    client.histogram('codex.turn.ttft.duration_ms', sum);

    expect(runtimeMetricsSummary(await client.snapshot()).turnTtftMillis).toBe(wanted);
  });

  it('treats a sum that is not finite as 0', async () => {
    const { client } = await clientWithReader();
    client.histogram('codex.turn.ttft.duration_ms', Number.MAX_VALUE);
    client.histogram('codex.turn.ttft.duration_ms', Number.MAX_VALUE);

    expect(runtimeMetricsSummary(await client.snapshot()).turnTtftMillis).toBe(0);
  });
});

describe('mergeRuntimeMetrics', () => {
  it('adds totals, up to the largest whole number of 64 bits', () => {
    const huge = { ...NO_RUNTIME_METRICS, toolCalls: { count: 2 ** 64, durationMillis: 5 } };

    expect(mergeRuntimeMetrics(case36, case36).websocketEvents).toEqual({ count: 4, durationMillis: 200 });
    expect(mergeRuntimeMetrics(huge, huge).toolCalls).toEqual({ count: 2 ** 64, durationMillis: 10 });
  });

  it('replaces single values by newer ones above zero, and keeps the older where the newer is zero', () => {
    const later = { ...NO_RUNTIME_METRICS, turnTtftMillis: 10 };

    expect(mergeRuntimeMetrics(case36, later)).toMatchObject({ turnTtftMillis: 10, turnTtfmMillis: 180 });
    expect(mergeRuntimeMetrics(case36, NO_RUNTIME_METRICS)).toEqual(case36);
    expect(mergeRuntimeMetrics(NO_RUNTIME_METRICS, case36)).toEqual(case36);
  });

  it('does not depend on how merges are grouped', async () => {
    const value = fc.nat({ max: 1000 });
    const totals = fc.record({ count: value, durationMillis: value });
    const summary: fc.Arbitrary<RuntimeMetricsSummary> = fc.record({
      toolCalls: totals,
      apiCalls: totals,
      streamingEvents: totals,
      websocketCalls: totals,
      websocketEvents: totals,
      responsesApiOverheadMillis: value,
      responsesApiInferenceTimeMillis: value,
      responsesApiEngineIapiTtftMillis: value,
      responsesApiEngineServiceTtftMillis: value,
      responsesApiEngineIapiTbtMillis: value,
      responsesApiEngineServiceTbtMillis: value,
      turnTtftMillis: value,
      turnTtfmMillis: value,
    });
    await fc.assert(
      fc.property(summary, summary, summary, (a, b, c) => {
        expect(mergeRuntimeMetrics(mergeRuntimeMetrics(a, b), c)).toEqual(
          mergeRuntimeMetrics(a, mergeRuntimeMetrics(b, c)),
        );
      }),
    );
  });
});

describe('responsesApiSummary', () => {
  it('keeps only the six values of the Responses API', () => {
    const kept = responsesApiSummary(case36);

    expect(kept).toEqual({
      ...NO_RUNTIME_METRICS,
      responsesApiOverheadMillis: 124,
      responsesApiInferenceTimeMillis: 457,
      responsesApiEngineIapiTtftMillis: 211,
      responsesApiEngineServiceTtftMillis: 233,
      responsesApiEngineIapiTbtMillis: 377.5,
      responsesApiEngineServiceTbtMillis: 399.25,
    });
  });
});

describe('isEmptyRuntimeMetrics', () => {
  it('is true only when nothing happened', () => {
    expect(isEmptyRuntimeMetrics(NO_RUNTIME_METRICS)).toBe(true);
    expect(isEmptyRuntimeMetrics({ ...NO_RUNTIME_METRICS, turnTtfmMillis: 1 })).toBe(false);
    expect(isEmptyRuntimeMetrics({ ...NO_RUNTIME_METRICS, apiCalls: { count: 0, durationMillis: 1 } })).toBe(false);
  });
});
