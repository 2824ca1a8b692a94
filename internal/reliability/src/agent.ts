import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { AgentReport, AgentTask } from './agent-program.ts';

/** How a process of the agent ended. */
export interface AgentEnding {
  readonly report: AgentReport;
  readonly exitCode: number | null;
  /** From the report, the last that the agent does, to the end of the process. */
  readonly lingeredMillis: number;
}

const program = fileURLToPath(new URL('./agent-program.ts', import.meta.url));

/** Runs the agent in a process of its own, on the built packages. */
export function runAgent(task: AgentTask): Promise<AgentEnding> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--experimental-strip-types', '--no-warnings', program, JSON.stringify(task)],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    let complaint = '';
    let reportedAt = performance.now();
    child.stdout.on('data', (chunk) => {
      output += chunk;
      reportedAt = performance.now();
    });
    child.stderr.on('data', (chunk) => {
      complaint += chunk;
    });
    child.on('close', (exitCode) => {
      // Telemetry prints nothing, whatever happens to it.
      if (complaint !== '' || output === '') return reject(new Error(`the agent said: ${complaint}`));
      resolve({ report: JSON.parse(output), exitCode, lingeredMillis: performance.now() - reportedAt });
    });
  });
}
