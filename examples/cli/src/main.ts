import { parseArgs } from 'node:util';
import type { DemoOptions, DemoProtocol } from './demo.ts';
import { runDemo } from './demo.ts';
import { formatReport } from './waterfall.ts';

const USAGE = `usage: npm run demo -- [--json] [--endpoint URL] [--protocol http/protobuf|http/json]

  --json      print the report as JSON
  --endpoint  send to your own collector, e.g. http://localhost:4318
  --protocol  how to encode what is sent (default http/protobuf)
`;

/** The command: prints the report, gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let command: Command;
  try {
    command = parseCommand(args);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n${USAGE}`);
    return 2;
  }
  if (command.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    const report = await runDemo(command.options);
    process.stdout.write(command.json ? `${JSON.stringify(report, undefined, 2)}\n` : formatReport(report));
    return 0;
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
      protocol: { type: 'string', default: 'http/protobuf' },
    },
  });
  const { help, json, endpoint, protocol } = values;
  if (!isProtocol(protocol)) throw new Error(`--protocol must be http/protobuf or http/json, not '${protocol}'`);
  if (endpoint !== undefined && !URL.canParse(endpoint)) throw new Error(`--endpoint is no URL: '${endpoint}'`);
  return { help, json, options: { endpoint, protocol } };
}

function isProtocol(text: string): text is DemoProtocol {
  return text === 'http/protobuf' || text === 'http/json';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
