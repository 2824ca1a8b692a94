import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { readSavedTelemetry } from './saved-telemetry.ts';
import type { TurnReport } from './server/turn-report.ts';
import { startTurnReport } from './server/turn-report.ts';

const USAGE = `usage: npm run report -- [FILE|FOLDER …] [--port N] [--http-port N] [--grpc-port N] [--allow-origin URL]

  FILE, FOLDER    show saved OTLP JSON, e.g. what the Collector's file exporter wrote
  --port          of the page (default 4320)
  --http-port     to receive OTLP over HTTP (default 4318)
  --grpc-port     to receive OTLP over gRPC (default 4317)
  --allow-origin  a page that may send OTLP, e.g. http://localhost:5173; may be given several times

  If a port is taken, the next free one is used. Everything listens on 127.0.0.1 only.
`;

interface Command {
  readonly help: boolean;
  readonly targets: readonly string[];
  readonly pagePort: number | undefined;
  readonly httpPort: number | undefined;
  readonly grpcPort: number | undefined;
  readonly allowedOrigins: readonly string[];
}

/** The command: shows the given files and what arrives, until it is stopped. @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  let command: Command;
  try {
    command = parseCommand(args);
  } catch (error) {
    process.stderr.write(`report: ${messageOf(error)}\n${USAGE}`);
    return 2;
  }
  if (command.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    const saved = (await Promise.all(command.targets.map(readSavedTelemetry))).flat();
    const report = await startTurnReport(command);
    for (const telemetry of saved) report.add(telemetry);
    const spans = saved.reduce((sum, telemetry) => sum + telemetry.spans.length, 0);
    const logs = saved.reduce((sum, telemetry) => sum + telemetry.logs.length, 0);
    if (saved.length > 0) process.stdout.write(`Read ${spans} spans and ${logs} log records.\n`);
    process.stdout.write(introduction(report));
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    await report.close();
    return 0;
  } catch (error) {
    process.stderr.write(`report: ${messageOf(error)}\n`);
    return 1;
  }
}

/** The page's address, and the lines for a `config.toml`. */
export function introduction({ pageUrl, httpUrl, grpcUrl }: TurnReport): string {
  return `The report is at ${pageUrl}. Ctrl-C ends it.

To see your turns, put this into ~/.codex/config.toml:

[otel]
exporter = { otlp-http = { endpoint = "${httpUrl}/v1/logs", protocol = "binary" } }
trace_exporter = { otlp-http = { endpoint = "${httpUrl}/v1/traces", protocol = "binary" } }

Over gRPC the endpoint is ${grpcUrl}.
`;
}

function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      port: { type: 'string' },
      'http-port': { type: 'string' },
      'grpc-port': { type: 'string' },
      'allow-origin': { type: 'string', multiple: true, default: [] },
    },
  });
  return {
    help: values.help,
    targets: positionals,
    pagePort: portOf('--port', values.port),
    httpPort: portOf('--http-port', values['http-port']),
    grpcPort: portOf('--grpc-port', values['grpc-port']),
    allowedOrigins: values['allow-origin'].map(originOf),
  };
}

function portOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`${option} must be a port from 0 to 65535, not '${text}'`);
  return port;
}

function originOf(text: string): string {
  const origin = URL.canParse(text) ? new URL(text).origin : 'null';
  if (origin === 'null')
    throw new Error(`--allow-origin must be a page's address such as http://localhost:5173, not '${text}'`);
  return origin;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
