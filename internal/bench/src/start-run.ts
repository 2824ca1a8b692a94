import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The times of the starts of one program, round by round. */
export interface StartFigures {
  readonly cpu: readonly number[];
  readonly wall: readonly number[];
}

const reporter = fileURLToPath(new URL('./startup/report-cpu.cjs', import.meta.url));

/**
 * Starts a program and waits for its end.
 *
 * @throws what it printed, when it fails.
 */
export function runStart(
  file: string,
  args: readonly string[] = [],
): { cpuMillis: number; wallMillis: number; stdout: string } {
  const conditions = process.execArgv.filter((flag) => flag.startsWith('--conditions'));
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [...conditions, '-r', reporter, file, ...args], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  const wallMillis = performance.now() - started;
  const cpuMillis = Number(/cpu-millis:([\d.]+)/.exec(stderr)?.[1]);
  if (status !== 0 || !(cpuMillis > 0)) throw new Error(`${file} failed: ${stderr.slice(0, 2000)}`);
  return { cpuMillis, wallMillis, stdout };
}

/** The difference of each sample to the base of the same round. */
export function addedTo(base: readonly number[], samples: readonly number[]): number[] {
  return samples.map((sample, round) => sample - (base[round] ?? Number.NaN));
}
