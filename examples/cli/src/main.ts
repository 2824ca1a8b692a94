import { parseArgs } from 'node:util';
import type { DemoOptions, DemoProtocol } from './demo.ts';
import { runDemo } from './demo.ts';
import { endpointProblem, parseSignals } from './endpoint.ts';
import { listenForTroubles } from './export-troubles.ts';
import { formatUndelivered, isDelivered } from './undelivered.ts';
import { formatReport } from './waterfall.ts';

const USAGE = `usage: npm run demo -- [--json] [--endpoint URL] [--signals traces,logs,metrics] [--protocol http/protobuf|http/json]

  --json      print the report as JSON
  --endpoint  send to your own collector, e.g. http://localhost:4318
  --signals   which of them go there; the others stay in the demo (default all three)
  --protocol  how to encode what is sent (default http/protobuf)
`;

/** The command: prints the report, and on stderr what went wrong. Gives the exit code: 1 for a failure, 2 for a misuse. */
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
  try {
    const report = await runDemo(command.options);
    process.stdout.write(command.json ? `${JSON.stringify(report, undefined, 2)}\n` : formatReport(report));
    if (isDelivered(report.sent)) return 0;
    process.stderr.write(formatUndelivered(report, troubles()));
    return 1;
  } catch (error) {
    process.stderr.write(`demo: ${messageOf(error)}\n`);
    return 1;
  }
}

interface Command {
  readonly help: boolean;
  readonly json: boolean;
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
    },
  });
  const { help, json, endpoint, protocol } = values;
  if (!isProtocol(protocol)) throw new Error(`--protocol must be http/protobuf or http/json, not '${protocol}'`);
  if (values.signals !== undefined && endpoint === undefined) {
    throw new Error('--signals says what goes to an --endpoint, and there is none');
  }
  const signals = values.signals === undefined ? undefined : parseSignals(values.signals);
  const problem = endpoint === undefined ? undefined : endpointProblem(endpoint, signals);
  if (problem !== undefined) throw new Error(problem);
  return { help, json, options: { endpoint, signals, protocol } };
}

function isProtocol(text: string): text is DemoProtocol {
  return text === 'http/protobuf' || text === 'http/json';
}

/** What is wrong with the arguments; without the values of Node's message, which may be an endpoint with a key. */
function misuseOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') {
    return 'it takes options only, and npm passes them on after two dashes: npm run demo -- --endpoint URL';
  }
  // The rest is about arguments that begin with a dash, which the demo has none of.
  return messageOf(error).replace(/(?<=^Unknown option '[^']*')\..*$/s, '');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
