import type { AgentReport, AgentTask } from './agent-program.ts';
import { startProgram } from './program.ts';

/** How a process of the agent ended. */
export interface AgentEnding {
  readonly report: AgentReport;
  readonly exitCode: number | null;
  /** From the report, the agent's last action, to the end of the process. */
  readonly lingeredMillis: number;
}

/** Runs the agent in a process of its own; `onReport` is called when it has done everything and is about to end. */
export async function runAgent(task: AgentTask, onReport: () => void = () => {}): Promise<AgentEnding> {
  let reportedAt = performance.now();
  const onOutput = () => {
    reportedAt = performance.now();
    onReport();
  };
  const { exitCode, output } = await startProgram('./agent-program.ts', task, { onOutput }).ended;
  return { report: JSON.parse(output), exitCode, lingeredMillis: performance.now() - reportedAt };
}
