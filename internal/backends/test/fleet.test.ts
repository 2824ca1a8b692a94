import { setTimeout as wait } from 'node:timers/promises';
import type { DemoReport } from '@codex-otel/example-cli';
import { runDemo } from '@codex-otel/example-cli';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { describeIfPresent } from '@codex-otel/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Fleet } from '../src/fleet.ts';
import { FLEET_CONFIGS, startFleet, startFronted, startWithKafka, validateConfig } from '../src/fleet.ts';
import { findProgram, programs } from '../src/programs/program.ts';

const collector = findProgram(programs.fleetCollector);
const front = findProgram(programs.frontCollector);
const kafka = findProgram(programs.kafka);
/** A busy machine needs some of them to send the spans of a trace. */
const DECISION_SECONDS = 10;

for (const [name, kind] of FLEET_CONFIGS) {
  const program = kind === 'frontCollector' ? front : collector;
  describeIfPresent(`${name} of deploy/`, program !== undefined, () => {
    it('is valid for the real Collector', async () => {
      await validateConfig(program ?? '', name);
    });
  });
}

const tracesOf = (backEnd: OtlpCollector) => new Set(backEnd.spans().map(({ traceId }) => traceId));

/** Sends the demo through, and waits for all of it, or for what is left of its traces. */
async function demoThrough({ endpoint, backEnds }: Fleet, areTracesThere?: () => boolean): Promise<DemoReport> {
  const report = await runDemo({ endpoint, paceMillis: 0 });
  const { traces, logs, metrics } = report.sent;
  const sum = (count: (backEnd: OtlpCollector) => number) => backEnds.reduce((all, each) => all + count(each), 0);
  const isAll = () =>
    (areTracesThere === undefined ? sum((each) => each.spans().length) === traces.exported : areTracesThere()) &&
    sum((each) => each.logRecords().length) === logs.exported &&
    sum((each) => each.metrics().reduce((points, metric) => points + metric.points.length, 0)) === metrics.exported;
  const deadline = performance.now() + 60_000;
  while (!isAll() && performance.now() < deadline) await wait(100);
  expect(isAll()).toBe(true);
  return report;
}

describeIfPresent('one Collector for a fleet', collector !== undefined, () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFleet(collector ?? '', DECISION_SECONDS, { KEEP_PERCENT: '0', EXPENSIVE_TOKENS: '16000' });
  });
  afterAll(() => fleet.stop());

  it('keeps the traces that failed or were expensive, whole, and no other; and all logs and metrics', async () => {
    const [backEnd] = fleet.backEnds;
    if (backEnd === undefined) throw new Error('there is a back end behind it');
    const { turns } = await demoThrough(fleet, () => tracesOf(backEnd).size >= 2);
    const [, expensive, retried] = turns.map(({ traceId }) => traceId);
    expect(tracesOf(backEnd)).toEqual(new Set([expensive, retried]));
    for (const trace of tracesOf(backEnd)) {
      const spans = backEnd.spans().filter(({ traceId }) => traceId === trace);
      const ids = new Set(spans.map(({ spanId }) => spanId));
      expect(spans.filter(({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId))).toEqual([]);
    }
  });
});

describeIfPresent('a Collector in front of two', collector !== undefined && front !== undefined, () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFronted(front ?? '', collector ?? '', DECISION_SECONDS);
  });
  afterAll(() => fleet.stop());

  it('brings all spans of a trace to one of them, and loses nothing', async () => {
    const { turns } = await demoThrough(fleet);
    const places = fleet.backEnds.map((backEnd) => [...tracesOf(backEnd)]);
    expect(places.flat().sort()).toEqual(turns.map(({ traceId }) => traceId).sort());
  });
});

describeIfPresent('Collectors with Kafka between', collector !== undefined && kafka !== undefined, () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startWithKafka(kafka ?? '', collector ?? '', DECISION_SECONDS);
  });
  afterAll(() => fleet.stop());

  it('deliver everything, also what was sent before the topics existed', async () => {
    const { turns } = await demoThrough(fleet);
    const places = fleet.backEnds.map((backEnd) => [...tracesOf(backEnd)].sort());
    expect(places).toEqual([turns.map(({ traceId }) => traceId).sort()]);
  });
});
