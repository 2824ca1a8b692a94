import { fileURLToPath } from 'node:url';
import type { AgentOutcome, Ending, Protocol } from './agent-run.ts';
import { runAgent } from './agent-run.ts';
import type { Runtime } from './runtime.ts';

const agent = fileURLToPath(new URL('./agent.mjs', import.meta.url));
/** Agents at once: most of a run is a start of a runtime. */
const CONCURRENT_RUNS = 3;

/** One cell of the table. */
export interface EndingCase {
  readonly runtime: Runtime;
  readonly protocol: Protocol;
  readonly ending: Ending;
  readonly spool: boolean;
}

/** Runs all cases; the rows are in their order. */
export async function endingTable(
  cases: readonly EndingCase[],
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const outcomes: AgentOutcome[] = [];
  const waiting = [...cases.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, { runtime, ...rest }] = next;
      outcomes[index] = await runAgent({ command: [...runtime.command, agent], ...rest });
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_RUNS }, worker));
  const rows = cases.map(({ runtime, protocol, ending, spool }, index) => {
    const outcome = outcomes[index];
    const way = spool ? `${ending}, into the spool; sent by the next start` : ending;
    return `| ${runtime.name} | ${protocol} | ${way} | ${outcome === undefined ? '' : arrived(outcome)} | ${outcome?.ended} |`;
  });
  const head = [
    '| runtime | protocol | way of ending | arrived: spans, log records, metrics | code or signal |',
    '| --- | --- | --- | --- | --- |',
  ];
  return { text: [...head, ...rows].join('\n'), isWhole: outcomes.every(isWhole) };
}

/** Whether all that an agent recorded arrived: its turn, its prompt, its metrics. */
export function isWhole({ spans, logRecords, metrics }: AgentOutcome): boolean {
  return spans === 1 && logRecords === 1 && metrics >= 1;
}

function arrived({ spans, logRecords, metrics }: AgentOutcome): string {
  return `${spans}, ${logRecords}, ${metrics}`;
}
