import { runDemo } from '@codex-otel/example-cli';
import { describeIfPresent } from '@codex-otel/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Fleet } from '../src/fleet.ts';
import { startFleet, VALIDATED_CONFIGS, validateConfig } from '../src/fleet.ts';
import { findProgram, programs } from '../src/programs/program.ts';

const collector = findProgram(programs.fleetCollector);

describeIfPresent('the configurations of deploy/ in the real Collector', collector !== undefined, () => {
  let fleet: Fleet;
  beforeAll(async () => {
    // A busy machine needs some of these seconds to send the spans of a trace.
    const limits = { KEEP_PERCENT: '0', EXPENSIVE_TOKENS: '16000' };
    fleet = await startFleet(collector ?? '', 10, limits);
  });
  afterAll(() => fleet.stop());

  it.each(VALIDATED_CONFIGS)('is valid: %s', async (name) => {
    await validateConfig(collector ?? '', name);
  });

  it('keep the traces that failed or were expensive, whole, and no other; and all logs and metrics', async () => {
    const { turns, sent } = await runDemo({ endpoint: fleet.endpoint, paceMillis: 0 });
    const [, expensive, retried] = turns.map(({ traceId }) => traceId);
    const kept = () => new Set(fleet.backEnd.spans().map(({ traceId }) => traceId));
    await fleet.backEnd.waitFor(
      (backEnd) =>
        kept().size >= 2 &&
        backEnd.logRecords().length === sent.logs.exported &&
        backEnd.metrics().reduce((sum, { points }) => sum + points.length, 0) === sent.metrics.exported,
      { timeoutMillis: 60_000 },
    );
    expect(kept()).toEqual(new Set([expensive, retried]));
    for (const trace of kept()) {
      const spans = fleet.backEnd.spans().filter(({ traceId }) => traceId === trace);
      const ids = new Set(spans.map(({ spanId }) => spanId));
      expect(spans.filter(({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId))).toEqual([]);
    }
  });
});
