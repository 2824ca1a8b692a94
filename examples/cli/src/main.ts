import path from 'node:path';
import { parseArgs } from 'node:util';
import { collectedTelemetry, writeReport } from '@codex-otel/example-turn-report';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import type { DemoOptions, DemoProtocol } from './demo.ts';
import { runDemo } from './demo.ts';
import { endpointProblem, parseSignals } from './endpoint.ts';
import { listenForTroubles } from './export-troubles.ts';
import { formatUndelivered, isDelivered } from './undelivered.ts';
import { formatReport } from './waterfall.ts';

/** Written to the folder that the demo runs in. */
const DEFAULT_REPORT = 'demo-report.html';

const USAGE = `usage: npm run demo -- [--json] [--endpoint URL] [--signals traces,logs,metrics] [--protocol http/protobuf|http/json]
                           [--report FILE.html] [--content]

  --json      print the report as JSON
  --endpoint  send to your own collector, e.g. http://localhost:4318
  --signals   which of them go there; the others stay in the demo (default all three)
  --protocol  how to encode what is sent (default http/protobuf)
  --report    where to write the turns as a page, in one file (default ${DEFAULT_REPORT})
  --content   with prompts, arguments and outputs in that file
`;

/** The command: prints the report, and problems on stderr. @returns the exit code: 1 for a failure, 2 for wrong arguments */
export async function main(args: readonly string[]): Promise<number> {
  let command: Command;
  try {
    command = parseCommand(args);
  } catch (error) {
    process.stderr.write(`demo: ${misuseOf(error)}\n${USAGE}`);
    return 2;
  }
  if (command.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const troubles = listenForTroubles();
  // If everything goes to the user's own collector, there is nothing for a page.
  const collector = command.options.endpoint === undefined ? await startOtlpCollector({ grpc: false }) : undefined;
  try {
    const report = await runDemo({ ...command.options, collector });
    process.stdout.write(command.json ? `${JSON.stringify(report, undefined, 2)}\n` : formatReport(report));
    if (collector !== undefined) await writePage(command, collector);
    if (isDelivered(report.sent)) return 0;
    process.stderr.write(formatUndelivered(report, troubles()));
    return 1;
  } catch (error) {
    process.stderr.write(`demo: ${messageOf(error)}\n`);
    return 1;
  } finally {
    await collector?.close();
  }
}

/** Writes the turns as a page. If it cannot be written, the demo only fails if the page was requested. */
async function writePage({ json, report, content }: Command, collector: OtlpCollector): Promise<void> {
  const file = path.resolve(report ?? DEFAULT_REPORT);
  try {
    await writeReport(file, collectedTelemetry(collector), { content });
    const say = json ? process.stderr : process.stdout;
    say.write(`The turns as a page: ${file}\n`);
  } catch (error) {
    if (report !== undefined) throw new Error(`the page was not written: ${messageOf(error)}`, { cause: error });
    process.stderr.write(`demo: the page was not written: ${messageOf(error)}\n`);
  }
}

interface Command {
  readonly help: boolean;
  readonly json: boolean;
  /** Where the page goes. @defaultValue {@link DEFAULT_REPORT} */
  readonly report: string | undefined;
  /** Whether the page contains prompts, arguments and outputs. */
  readonly content: boolean;
  readonly options: DemoOptions;
}

function parseCommand(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      endpoint: { type: 'string' },
      signals: { type: 'string' },
      protocol: { type: 'string', default: 'http/protobuf' },
      report: { type: 'string' },
      content: { type: 'boolean', default: false },
    },
  });
  const { help, json, endpoint, protocol, report, content } = values;
  if (!isProtocol(protocol)) throw new Error(`--protocol must be http/protobuf or http/json, not '${protocol}'`);
  if (values.signals !== undefined && endpoint === undefined) {
    throw new Error('--signals chooses what goes to the --endpoint, which is missing');
  }
  if ((report !== undefined || content) && endpoint !== undefined) {
    throw new Error('--report and --content are about what the demo receives itself, without --endpoint');
  }
  const signals = values.signals === undefined ? undefined : parseSignals(values.signals);
  const problem = endpoint === undefined ? undefined : endpointProblem(endpoint, signals);
  if (problem !== undefined) throw new Error(problem);
  return { help, json, report, content, options: { endpoint, signals, protocol } };
}

function isProtocol(text: string): text is DemoProtocol {
  return text === 'http/protobuf' || text === 'http/json';
}

/** What is wrong with the arguments, without the values in Node's message, which may be an endpoint with a key. */
function misuseOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') {
    return 'the demo takes only options, which npm passes on after two dashes: npm run demo -- --endpoint URL';
  }
  // The rest is about values that begin with a dash, which the demo does not have.
  return messageOf(error).replace(/(?<=^Unknown option '[^']*')\..*$/s, '');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
