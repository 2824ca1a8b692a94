import { describe, expect, it } from '@jest/globals';
import { FailureReport } from '../src/failure-report.ts';
import type { MetricsSink, Tags } from '../src/index.ts';
import { MetricsError } from '../src/metrics-error.ts';
import { createTimer } from '../src/timer.ts';
import { histogramPoints, inMemoryClient, metricNamed } from './in-memory-client.ts';

function recordingSink() {
  const recorded: { readonly name: string; readonly millis: number; readonly tags: Tags | undefined }[] = [];
  const sink: Pick<MetricsSink, 'recordDuration'> = {
    recordDuration(name, millis, tags) {
      if (tags?.bad !== undefined) throw new MetricsError('INVALID_TAG_COMPONENT', 'bad');
      recorded.push({ name, millis, tags });
    },
  };
  return { recorded, sink };
}

describe('createTimer', () => {
  it('records the time between start and record, with the base tags winning', () => {
    const { recorded, sink } = recordingSink();
    let now = 100;
    const timer = createTimer({ sink, now: () => now }, 't', { a: '1' });

    now = 115.5;
    timer.record({ a: '2', b: '3' });

    expect(recorded).toEqual([{ name: 't', millis: 15.5, tags: { a: '1', b: '3' } }]);
  });

  it('records once, whether recorded, disposed or both', () => {
    const { recorded, sink } = recordingSink();

    const both = createTimer({ sink }, 'both', { route: 'chat' });
    both.record();
    both.record({ late: 'yes' });
    both[Symbol.dispose]();
    const disposed = createTimer({ sink }, 'disposed', { route: 'chat' });
    disposed[Symbol.dispose]();
    disposed[Symbol.dispose]();

    expect(recorded).toMatchObject([
      { name: 'both', tags: { route: 'chat' } },
      { name: 'disposed', tags: { route: 'chat' } },
    ]);
  });

  it('still records its base tags after additional ones were refused', () => {
    const { recorded, sink } = recordingSink();
    const timer = createTimer({ sink }, 't', { route: 'chat' });

    expect(() => timer.record({ bad: 'yes' })).toThrow(MetricsError);
    timer[Symbol.dispose]();

    expect(recorded).toMatchObject([{ tags: { route: 'chat' } }]);
  });

  it('throws nothing when disposed, and counts the failure once', () => {
    const { sink } = recordingSink();
    const failures = new FailureReport();
    const timer = createTimer({ sink, failures }, 't', { bad: 'yes' });

    timer[Symbol.dispose]();
    timer[Symbol.dispose]();

    expect(failures.count).toBe(1);
  });
});

describe('MetricsClient.startTimer', () => {
  it('records one sample each for 10,000 timers that run at the same time', async () => {
    const { client, exporter } = await inMemoryClient();

    await Promise.all(
      Array.from({ length: 10_000 }, async (_, index) => {
        const timer = client.startTimer('codex.turn.e2e_duration_ms', { group: `${index % 10}` });
        await new Promise((resolve) => setImmediate(resolve));
        if (index % 2 === 0) timer.record();
        timer[Symbol.dispose]();
      }),
    );
    await client.shutdown();

    const points = histogramPoints(metricNamed(exporter.getMetrics(), 'codex.turn.e2e_duration_ms'));
    expect(points.map((point) => point.value.count)).toEqual(new Array(10).fill(1000));
  });
});
