import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { patience } from '@codex-otel/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OtelProvider } from '../src/index.ts';
import { createOtelProvider } from '../src/index.ts';
import { settingsFor } from './test-settings.ts';

let collector: OtlpCollector;
let provider: OtelProvider;

beforeEach(async () => {
  collector = await startOtlpCollector({ grpc: false });
  const created = await createOtelProvider(settingsFor(collector), { registerGlobals: false, handoverOnExit: false });
  if (created === undefined) throw new Error('nothing is configured');
  provider = created;
});
afterEach(async () => {
  await provider.shutdown().catch(() => {});
  await collector.close();
});

/** What the metric says, by signal. */
function counted(): Readonly<Record<string, number>> {
  const points = collector
    .metrics()
    .filter(({ name }) => name === 'codex.telemetry_dropped')
    .flatMap((metric) => (metric.kind === 'sum' ? metric.points : []));
  const sums: Record<string, number> = {};
  for (const { attributes, value } of points) {
    const signal = String(attributes.signal);
    sums[signal] = (sums[signal] ?? 0) + Number(value);
  }
  return sums;
}

describe('the metric codex.telemetry_dropped', () => {
  it('counts what the collector refuses, by signal, each item once', async () => {
    await collector.behave({ kind: 'status', code: 401, signal: 'logs' });
    for (let round = 1; round <= 2; round += 1) {
      for (let index = 0; index < 3; index += 1) provider.logger.emit({ body: 'lost' });
      provider.tracer.startSpan('arrives').end();
      await provider.forceFlush().catch(() => {});
    }
    await provider.forceFlush().catch(() => {});
    expect(provider.stats().logs.failed).toBe(6);
    expect(counted()).toEqual({ logs: 6 });
  });

  it('is absent if nothing is lost', async () => {
    provider.logger.emit({ body: 'arrives' });
    provider.metrics?.counter('codex.tool.call', 1);
    await provider.forceFlush(patience);
    expect(collector.metrics().map(({ name }) => name)).toEqual(['codex.tool.call']);
  });
});
