import type { ChildProcess } from 'node:child_process';

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

/** Ends a command that leads a process group, and everything in it. */
export function endCommand(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
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
