import type { AgentOutcome, Ending, Protocol } from './agent-run.ts';
import { endings, runAgent } from './agent-run.ts';
import type { Program } from './programs.ts';

/** Agents at once: most of a run is a start of a runtime. */
const CONCURRENT_RUNS = 3;
/** The message of a program without an uploader. */
const noUploader = /there is no uploader beside this program/;

/** The outcome of all programs. */
export interface Table {
  /** In Markdown. */
  readonly text: string;
  /** Whether everything arrived, and each program ended and reported as expected. */
  readonly isWhole: boolean;
}

/**
 * Runs each program over each protocol with each way of ending; one row per program and protocol, one column per way.
 */
export async function endingTable(
  programs: readonly Program[],
  protocols: readonly Protocol[],
  ends: readonly Ending[],
): Promise<Table> {
  const rows = programs.flatMap((program) => protocols.map((protocol) => ({ program, protocol })));
  const cases = rows.flatMap(({ program, protocol }) => ends.map((ending) => ({ ...program, protocol, ending })));
  const outcomes = await inTurn(cases, runAgent);
  const cells = outcomes.map((outcome, index) => cellOf(outcome, cases[index]?.ending));
  return {
    text: markdown(
      ['program', 'protocol', ...ends],
      rows.map(({ program, protocol }, row) => [
        program.name,
        protocol,
        ...cells.slice(row * ends.length, (row + 1) * ends.length),
      ]),
    ),
    // The same agent records the same, wherever it runs.
    isWhole: new Set(cells).size === 1 && outcomes.every(isWhole),
  };
}

/**
 * Runs programs that do not name their uploader, and returns the names of those without a warning on `diag`, or that
 * print something.
 */
export async function notTold(programs: readonly Program[]): Promise<readonly string[]> {
  const run = { protocol: 'http/protobuf', ending: 'shutdown', isOwnUploader: false } as const;
  const outcomes = await inTurn(programs, ({ command }) => runAgent({ command, ...run }));
  const isTold = ({ said, stderr }: AgentOutcome) => stderr === '' && said.length === 1 && noUploader.test(said.join());
  return programs.filter((_program, index) => !outcomes.slice(index, index + 1).some(isTold)).map(({ name }) => name);
}

/** Whether all that an agent recorded arrived: its turn, its prompt, its metrics. */
export function isWhole({ spans, logRecords, metrics }: AgentOutcome): boolean {
  return spans === 1 && logRecords === 1 && metrics >= 1;
}

function cellOf({ spans, logRecords, metrics, ended }: AgentOutcome, ending: Ending | undefined): string {
  const arrived = `${spans}, ${logRecords}, ${metrics}`;
  return ending !== undefined && ended === endings[ending] ? arrived : `${arrived}; ended with ${ended}`;
}

async function inTurn<T, R>(inputs: readonly T[], run: (input: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = [...inputs.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, input] = next;
      results[index] = await run(input);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_RUNS }, worker));
  return results;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
