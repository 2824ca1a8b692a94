import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { mustRun, run } from './commands.ts';

/** Nodes that the packages are run on: the lowest, the one that is used here, the newest. */
export const nodes = ['22.15.0', '24.21.0', '26.10.0'] as const;
/** The lowest Node that the packages for pages run on. */
export const lowestForPages = '20.0.0';

/** The folder of a Node's program, which is installed once. */
export async function nodeBin(folder: string, version: string): Promise<string> {
  const place = path.join(folder, `node-${version}`);
  await mkdir(place, { recursive: true });
  await writeFile(path.join(place, 'package.json'), JSON.stringify({ private: true, allowScripts: { node: true } }));
  await mustRun('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], { cwd: place });
  return path.join(place, 'node_modules', 'node', 'bin');
}

/** Runs a consumer's program, which sends a turn to a collector; returns the problems, expected to be none. */
export async function runSession(folder: string, program: string, bin: string | undefined): Promise<string> {
  const collector = await startOtlpCollector({ grpc: false });
  try {
    const { code, output } = await run('node', [program, collector.httpUrl], { cwd: folder, bin });
    const arrived = [
      collector.spans().map(({ name }) => name),
      collector.logRecords().map(({ eventName }) => eventName),
      collector.metrics().some(({ name }) => name === 'codex.turn.e2e_duration_ms'),
    ];
    const expected = [['session_task.turn'], ['codex.user_prompt'], true];
    if (code === 0 && output === '' && JSON.stringify(arrived) === JSON.stringify(expected)) return '';
    return `${program} ended with ${code}; ${JSON.stringify(arrived)} arrived\n${output}`;
  } finally {
    await collector.close();
  }
}
