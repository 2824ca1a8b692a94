import type { ChildProcess } from 'node:child_process';
import type { PlatformDifferences } from './platform.ts';
import { differencesOf, thisPlatform } from './platform.ts';

const runningKey = Symbol.for('@codex-otel/config.helper-processes.v1');

/** The running commands, with one listener for all: Node warns about many listeners. */
interface RunningCommands {
  readonly children: Set<ChildProcess>;
  readonly endAll: () => void;
}

/** Ends a command, and the processes it started, with this process. */
export function rememberCommand(child: ChildProcess): void {
  const { children, endAll } = runningCommands();
  if (children.size === 0) process.on('exit', endAll);
  children.add(child);
}

/** Removes a command that has ended or was given up. */
export function forgetCommand(child: ChildProcess): void {
  const { children, endAll } = runningCommands();
  children.delete(child);
  if (children.size === 0) process.off('exit', endAll);
}

/**
 * Ends a command and everything that it started. Without process groups, that works only while the command itself still
 * runs.
 */
export function endCommand(
  child: ChildProcess,
  { hasProcessGroups }: Pick<PlatformDifferences, 'hasProcessGroups'> = differencesOf(thisPlatform()),
): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (hasProcessGroups) process.kill(-pid, 'SIGKILL');
    else endTree(child, pid);
  } catch {
    // All of it has ended.
  }
}

/** With Windows' `taskkill`. If that is missing, only the command itself is ended. */
function endTree(child: ChildProcess, pid: number): void {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const killer = spawn('taskkill', ['/T', '/F', '/PID', String(pid)], {
    stdio: 'ignore',
    windowsHide: true,
    env: process.env,
  });
  killer.on('error', () => {});
  killer.unref();
  if (killer.pid === undefined) child.kill('SIGKILL');
}

function runningCommands(): RunningCommands {
  const shared = globalThis as { [runningKey]?: RunningCommands };
  if (shared[runningKey] === undefined) {
    const children = new Set<ChildProcess>();
    const endAll = () => {
      for (const child of children) endCommand(child);
    };
    shared[runningKey] = { children, endAll };
  }
  return shared[runningKey];
}
