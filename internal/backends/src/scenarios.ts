import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { DemoReport } from '@codex-otel/example-cli';
import type { SessionTask } from './session-program.ts';
import { FORGETS_AFTER_SECONDS } from './setups.ts';

/** Sessions, and how they follow each other. */
export interface Scenario {
  readonly title: string;
  /** Runs it; `session` is one process. */
  readonly run: (session: StartSession) => Promise<readonly DemoReport[]>;
  /** The one panel whose truth the sessions know. @defaultValue all panels */
  readonly panel?: string;
}

/** Runs a session in a process of its own. */
type StartSession = (options?: Partial<Pick<SessionTask, 'rounds' | 'losesLogs'>>) => Promise<DemoReport>;

const IDLE_MILLIS = 2000 * FORGETS_AFTER_SECONDS;

/** One, three and five sessions, in every way in which agents are used. */
export const scenarios: readonly Scenario[] = [
  { title: '1 session', run: async (session) => [await session()] },
  ...[3, 5].flatMap((count): readonly Scenario[] => [
    { title: `${count} one after the other`, run: (session) => inTurn(count, session, 0) },
    { title: `${count} with idle time between`, run: (session) => inTurn(count, session, IDLE_MILLIS) },
    { title: `${count} side by side`, run: (session) => Promise.all(Array.from({ length: count }, () => session())) },
    { title: `${count} in one long process`, run: async (session) => [await session({ rounds: count })] },
  ]),
  {
    title: 'log records refused for a while',
    run: async (session) => [await session({ rounds: 5, losesLogs: true })],
    panel: 'Telemetry lost by signal',
  },
];

async function inTurn(count: number, session: StartSession, pauseMillis: number): Promise<readonly DemoReport[]> {
  const reports = [];
  for (let index = 0; index < count; index += 1) {
    if (index > 0) await wait(pauseMillis);
    reports.push(await session());
  }
  return reports;
}

const exec = promisify(execFile);
const program = fileURLToPath(new URL('session-program.ts', import.meta.url));

/** A session in a process of its own, which exports when it ends, and twice a second if it runs long. */
export async function runSession(task: SessionTask, env: Readonly<Record<string, string>> = {}): Promise<DemoReport> {
  const { stdout } = await exec(process.execPath, [...process.execArgv, program, JSON.stringify(task)], {
    env: { ...process.env, OTEL_METRIC_EXPORT_INTERVAL: '500', ...env },
    maxBuffer: 64 * 2 ** 20,
  });
  return JSON.parse(stdout);
}
