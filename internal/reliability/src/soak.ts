import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { drainSpool } from './drain-spool.ts';
import { startProgram } from './program.ts';
import type { SoakLine, SoakTask } from './soak-program.ts';

/** The result of an agent under steady load while its collector went up and down. */
export interface SoakOutcome {
  readonly minutes: number;
  readonly events: number;
  /** Distinct log records that arrived. */
  readonly arrived: number;
  readonly repeated: number;
  /** By the agent's own count. */
  readonly lost: number;
  /** The slope of a straight line through the heap sizes after the first fifth of the time, in KiB per minute. */
  readonly heapSlopeKibPerMinute: number;
  readonly lowestHeapMiB: number;
  readonly highestHeapMiB: number;
  readonly highestRssMiB: number;
}

const EVENTS_PER_SECOND = 1000;
/** The collector is down in the last third of each cycle. */
const CYCLE_MILLIS = 60_000;
const COLLECT_MILLIS = 1000;

/** Runs the load for this time, with a spool; at the end another agent sends what is left. */
export async function runSoak(minutes: number): Promise<SoakOutcome> {
  const directory = await mkdtemp(path.join(tmpdir(), 'reliability-soak-'));
  const collector = await startOtlpCollector({ grpc: false });
  const runMillis = minutes * 60_000;
  const seen = new Set<number>();
  let repeated = 0;
  const take = () => {
    for (const { attributes } of collector.logRecords()) {
      const index = Number(attributes.index);
      if (seen.has(index)) repeated += 1;
      seen.add(index);
    }
    collector.clear();
  };
  const taking = setInterval(take, COLLECT_MILLIS);
  try {
    const connection = { protocol: 'http/protobuf', url: collector.httpUrl, spool: { directory } } as const;
    const task: SoakTask = { ...connection, eventsPerSecond: EVENTS_PER_SECOND, runMillis };
    const { ended } = startProgram('./soak-program.ts', task, { nodeArguments: ['--expose-gc'], runMillis });
    const stop = comeAndGo(collector, Math.min(CYCLE_MILLIS, runMillis / 4));
    const { output } = await ended;
    stop();
    await collector.behave({ kind: 'answer' });
    await drainSpool(directory, connection);
    take();
    const lines: SoakLine[] = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    return { minutes, arrived: seen.size, repeated, ...summary(lines) };
  } finally {
    clearInterval(taking);
    await collector.close();
    await rm(directory, { recursive: true });
  }
}

/** The collector is up for two thirds of each cycle, then refuses connections. */
function comeAndGo(collector: OtlpCollector, cycleMillis: number): () => void {
  let timer: NodeJS.Timeout;
  const there = () => {
    void collector.behave({ kind: 'answer' });
    timer = setTimeout(away, (cycleMillis * 2) / 3);
  };
  const away = () => {
    void collector.behave({ kind: 'refuse' });
    timer = setTimeout(there, cycleMillis / 3);
  };
  there();
  return () => clearTimeout(timer);
}

function summary(lines: readonly SoakLine[]): Omit<SoakOutcome, 'minutes' | 'arrived' | 'repeated'> {
  const last = lines.at(-1);
  const settled = lines.slice(Math.floor(lines.length / 5));
  const heaps = settled.map(({ heapBytes }) => heapBytes / 2 ** 20);
  return {
    events: last?.events ?? 0,
    lost: last?.lost ?? 0,
    heapSlopeKibPerMinute: slope(settled.map((line) => [line.elapsedMillis / 60_000, line.heapBytes / 1024])),
    lowestHeapMiB: Math.min(...heaps),
    highestHeapMiB: Math.max(...heaps),
    highestRssMiB: Math.max(...lines.map(({ rssBytes }) => rssBytes / 2 ** 20)),
  };
}

/** The slope by least squares. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const variance = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return variance === 0 ? 0 : covariance / variance;
}
