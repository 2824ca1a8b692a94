import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import type { CrashTask } from './crash-program.ts';
import { drainSpool } from './drain-spool.ts';
import { plantHostileFile } from './hostile-files.ts';
import type { RunningProgram } from './program.ts';
import { startProgram } from './program.ts';

/** The result of processes that were killed while they wrote to a spool and sent from it. */
export interface CrashOutcome {
  readonly kills: number;
  /** Records that a process had reported as spooled or delivered before it was killed. */
  readonly acknowledged: number;
  /** How many of those never arrived. */
  readonly missing: number;
  /** Records that arrived more than once, each time in a batch with the same id. */
  readonly repeated: number;
  /** The same, but in batches with different ids. */
  readonly unmarked: number;
  /** Files that were left in the spool in the end. */
  readonly left: readonly string[];
}

/** Agents that are alive at once. */
const AGENTS = 3;

/**
 * Kills agents with SIGKILL again and again, at random moments, three at a time, while the collector goes up and down.
 * All share one spool, into which a hostile file of each kind is put meanwhile. Then one more agent sends what is left.
 */
export async function runCrashes(kills: number, random: () => number = Math.random): Promise<CrashOutcome> {
  const directory = await mkdtemp(path.join(tmpdir(), 'reliability-spool-'));
  const collector = await startOtlpCollector({ grpc: false });
  const acknowledged: number[] = [];
  let next = 0;
  const killOn = async (): Promise<void> => {
    for (let run = next++; run < kills; run = next++) {
      await collector.behave(random() < 0.6 ? { kind: 'status', code: 503 } : { kind: 'answer' });
      plantHostileFile(directory, run);
      const spool = { directory };
      const task: CrashTask = { protocol: 'http/protobuf', url: collector.httpUrl, spool, run, recordsPerStep: 20 };
      acknowledged[run] = await killed(task, random() * 600);
    }
  };
  try {
    await Promise.all(Array.from({ length: AGENTS }, killOn));
    await collector.behave({ kind: 'answer' });
    await drainSpool(directory, { protocol: 'http/protobuf', url: collector.httpUrl });
    const left = (await readdir(directory)).filter((name) => name.endsWith('.batch'));
    return { kills, ...compare(collector, acknowledged), left };
  } finally {
    await collector.close();
    await rm(directory, { recursive: true });
  }
}

/** @returns how many records it had acknowledged */
async function killed(task: CrashTask, afterMillis: number): Promise<number> {
  // A busy machine is slow to start a process and to send for the first time, but the process should be killed at
  // work. Every third is killed before it has reported any record.
  const isReady = (output: string): boolean => task.run % 3 === 0 || output.trim() !== '0';
  const { child, ended } = await new Promise<RunningProgram>((resolve) => {
    const program: RunningProgram = startProgram('./crash-program.ts', task, {
      onOutput: (output) => {
        if (isReady(output)) resolve(program);
      },
    });
  });
  await new Promise((resolve) => setTimeout(resolve, afterMillis));
  child.kill('SIGKILL');
  const { output } = await ended;
  return Number(output.trimEnd().split('\n').at(-1) ?? 0);
}

function compare(
  collector: OtlpCollector,
  acknowledged: readonly number[],
): Pick<CrashOutcome, 'acknowledged' | 'missing' | 'repeated' | 'unmarked'> {
  const requests = collector.requests();
  const batchesOf = new Map<string, Set<string>>();
  const timesOf = new Map<string, number>();
  for (const { attributes, requestIndex } of collector.logRecords()) {
    const key = `${attributes.run}/${attributes.index}`;
    const batch = requests[requestIndex]?.headers['codex-otel-batch-id'] ?? 'none';
    batchesOf.set(key, (batchesOf.get(key) ?? new Set()).add(String(batch)));
    timesOf.set(key, (timesOf.get(key) ?? 0) + 1);
  }
  let missing = 0;
  for (const [run, count] of acknowledged.entries()) {
    for (let index = 0; index < count; index += 1) if (!timesOf.has(`${run}/${index}`)) missing += 1;
  }
  const repeats = [...timesOf].filter(([, times]) => times > 1);
  const unmarked = repeats.filter(([key]) => (batchesOf.get(key)?.size ?? 0) > 1).length;
  const sum = acknowledged.reduce((total, count) => total + count, 0);
  return { acknowledged: sum, missing, repeated: repeats.length - unmarked, unmarked };
}
