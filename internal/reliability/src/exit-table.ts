import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import type { ExitTask } from './exit-program.ts';
import { startProgram } from './program.ts';

const ROUNDS = 7;
/** About 50 KB, and the 2,000 records of the goal, with 15 attributes each. */
const sizes = [60, 2000];
const ballasts = [0, 300, 600];

/**
 * How long `shutdownOnProcessExit()` delays an agent's exit, by kind of hand-over and size of the agent, each time in
 * a new process.
 */
export async function measureExit(): Promise<string> {
  const collector = await startOtlpCollector({ grpc: false });
  const directory = await mkdtemp(path.join(tmpdir(), 'reliability-exit-'));
  try {
    const rows: string[] = [];
    for (const ballastMiB of ballasts) {
      for (const records of sizes) {
        const samples: Record<'uploader' | 'spool', number[]> = { uploader: [], spool: [] };
        const base = { protocol: 'http/protobuf', url: collector.httpUrl, records, ballastMiB } as const;
        for (let round = 0; round < ROUNDS; round += 1) {
          samples.uploader.push(await held(base));
          samples.spool.push(await held({ ...base, spool: { directory } }));
        }
        rows.push(`| ${records} | ${ballastMiB} | ${spread(samples.uploader)} | ${spread(samples.spool)} |`);
      }
    }
    return [
      `Median (lowest to highest) of ${ROUNDS} rounds, in which both ways take turns.`,
      '',
      '| log records | other memory of the agent, MiB | uploader, ms | spool, ms |',
      '| --- | --- | --- | --- |',
      ...rows,
    ].join('\n');
  } finally {
    await collector.close();
    await rm(directory, { recursive: true });
  }
}

async function held(task: ExitTask): Promise<number> {
  const { output } = await startProgram('./exit-program.ts', task).ended;
  const { heldMillis, handedOver } = JSON.parse(output);
  if (handedOver !== task.records) throw new Error(`${handedOver} of ${task.records} were handed over`);
  return heldMillis;
}

function spread(samples: readonly number[]): string {
  const sorted = samples.toSorted((one, other) => one - other);
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(1);
  return `${at(0.5)} (${at(0)} to ${at(1)})`;
}
