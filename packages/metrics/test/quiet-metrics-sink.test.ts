import { afterEach, describe, expect, it } from '@jest/globals';
import type { DiagLogger } from '@opentelemetry/api';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { quietMetricsSink } from '../src/index.ts';
import { inMemoryClient, metricsOf } from './in-memory-client.ts';

function collectWarnings(): string[] {
  const warnings: string[] = [];
  const ignore = () => {};
  const logger: DiagLogger = {
    error: ignore,
    warn: (message) => warnings.push(message),
    info: ignore,
    debug: ignore,
    verbose: ignore,
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  return warnings;
}

afterEach(() => {
  diag.disable();
});

describe('quietMetricsSink', () => {
  it('throws nothing, counts every failure and reports once for each metric, without the value', async () => {
    const warnings = collectWarnings();
    const { client } = await inMemoryClient();
    const quiet = quietMetricsSink(client);

    for (let call = 0; call < 3; call += 1) {
      quiet.counter('c', 1, { k: 'my secret' });
      quiet.histogram('h', Number.NaN);
      quiet.recordDuration('d', -1);
      quiet.startTimer('t', { 'bad key': 'v' }).record();
      quiet.histogramWithBoundaries?.('b', [2, 1], 1);
      quiet.recordDurationSeconds?.('s', '', Number.NaN);
    }

    expect(quiet.failures).toBe(18);
    expect(warnings).toHaveLength(6);
    expect(warnings.join('\n')).not.toContain('my secret');
    expect(warnings[0]).toMatch(/'c' not recorded: tag value of 'k'/);
  });

  it('reports only the name of a foreign error', () => {
    const warnings = collectWarnings();
    const fail = () => {
      throw new TypeError('content of a prompt');
    };
    const quiet = quietMetricsSink({ counter: fail, histogram: fail, recordDuration: fail, startTimer: fail });

    quiet.counter('c', 1);

    expect(warnings).toEqual(["codex-otel/metrics: metric 'c' not recorded: TypeError (reported once)"]);
  });

  it('remembers a bounded number of names', async () => {
    const warnings = collectWarnings();
    const { client } = await inMemoryClient();
    const quiet = quietMetricsSink(client);

    for (let index = 0; index < 1500; index += 1) quiet.counter(`c${index}`, -1);

    expect(quiet.failures).toBe(1500);
    expect(warnings).toHaveLength(1000);
  });

  it('passes on valid calls', async () => {
    const { client, exporter } = await inMemoryClient({ runtimeReader: true });
    const quiet = quietMetricsSink(client);

    quiet.counter('c', 1);
    quiet.histogram('h', 1);
    quiet.recordDuration('d', 1);
    quiet.startTimer('t').record();
    quiet.histogramWithBoundaries?.('b', [1], 1);
    quiet.recordDurationSeconds?.('s', '', 1);
    const snapshot = await quiet.snapshot?.();
    await quiet.shutdown?.();

    const names = ['c', 'h', 'd', 't', 'b', 's'];
    expect(snapshot && metricsOf(snapshot).map((metric) => metric.descriptor.name)).toEqual(names);
    expect(metricsOf(exporter.getMetrics()).map((metric) => metric.descriptor.name)).toEqual(names);
    expect(quiet.failures).toBe(0);
  });

  it('has only the methods that the sink has', () => {
    const nothing = () => {};
    const timer = { record: nothing, [Symbol.dispose]: nothing };
    const quiet = quietMetricsSink({
      counter: nothing,
      histogram: nothing,
      recordDuration: nothing,
      startTimer: () => timer,
    });

    expect(quiet.snapshot).toBeUndefined();
    expect(quiet.shutdown).toBeUndefined();
    expect(quiet.histogramWithBoundaries).toBeUndefined();
    expect(quiet.recordDurationSeconds).toBeUndefined();
  });
});
