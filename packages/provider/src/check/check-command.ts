import { parseArgs } from 'node:util';
import type { OtelSettings } from '@codex-otel/config';
import { errorReason, isOtelConfigError, loadOtelSettings } from '@codex-otel/config';
import type { ConnectionCheck } from './check-connections.ts';
import { checkOtelConnections } from './check-connections.ts';

/** The parts of the process that the command uses. */
export interface CommandSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const usage = `usage: codex-otel check [--json] [--timeout MS]

Reads the [otel] table of config.toml (CODEX_HOME, or ~/.codex) and the environment, sends one item of the scope
codex_otel.check to each configured collector, and says whether it arrived.

  --json     print the result as JSON
  --timeout  how long a collector may take to answer, in ms (default 5000)

Exit code: 0 if everything that is configured arrived, 1 if not or if nothing is configured, 2 for wrong arguments.
`;

/**
 * Runs the command line and gives the exit code. It prints no header value, no password and no query of an endpoint.
 */
export async function checkCommand(args: readonly string[], surroundings: CommandSurroundings): Promise<number> {
  const { env, out, err } = surroundings;
  let options: CheckOptions;
  try {
    options = parsed(args);
  } catch (error) {
    err(`codex-otel: ${errorReason(error)}\n${usage}`);
    return 2;
  }
  if (options.help) {
    out(usage);
    return 0;
  }
  const warnings: string[] = [];
  try {
    const host = { serviceName: 'codex_otel_check', serviceVersion: '0.0.0' };
    const settings = await loadOtelSettings({ ...host, env, onWarning: ({ message }) => warnings.push(message) });
    const fileSettings = await loadOtelSettings({ ...host, env: withoutOtel(env), onWarning: () => {} });
    const checks = await checkOtelConnections(settings, { env, fileSettings, timeoutMillis: options.timeoutMillis });
    out(
      options.json ? `${JSON.stringify({ checks, warnings }, undefined, 2)}\n` : formatted(checks, warnings, settings),
    );
    return isGood(checks) ? 0 : 1;
  } catch (error) {
    const problems = isOtelConfigError(error)
      ? error.problems.map(({ path, message }) => `${path}: ${message}`)
      : [errorReason(error)];
    if (options.json) out(`${JSON.stringify({ problems, warnings }, undefined, 2)}\n`);
    else err(problems.map((problem) => `codex-otel: ${problem}\n`).join(''));
    return 1;
  }
}

interface CheckOptions {
  readonly help: boolean;
  readonly json: boolean;
  readonly timeoutMillis: number | undefined;
}

/** @throws if the arguments are not valid. */
function parsed(args: readonly string[]): CheckOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      timeout: { type: 'string' },
    },
  });
  const { help, json, timeout } = values;
  const [command, ...more] = positionals;
  if (!help && (command !== 'check' || more.length > 0)) throw new Error("the only command is 'check'");
  const timeoutMillis = timeout === undefined ? undefined : Number(timeout);
  if (timeoutMillis !== undefined && !(timeoutMillis >= 1)) throw new Error('--timeout must be a number of at least 1');
  return { help, json, timeoutMillis };
}

/** The environment without OpenTelemetry's variables: the file may refer to the others. */
function withoutOtel(env: CommandSurroundings['env']): CommandSurroundings['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('OTEL_')));
}

/** Whether something is configured and all of it works. */
function isGood(checks: readonly ConnectionCheck[]): boolean {
  const on = checks.filter(({ outcome }) => outcome !== 'off');
  return on.length > 0 && on.every(({ outcome }) => outcome === 'arrived' || outcome === 'console');
}

function formatted(checks: readonly ConnectionCheck[], warnings: readonly string[], settings: OtelSettings): string {
  const lines = [
    `${settings.codexHome}/config.toml and the environment:`,
    ...checks.flatMap(({ signal, outcome, configured, reason, advice }) => [
      `${signal.padEnd(8)} ${outcome}`,
      ...(outcome === 'off' ? [] : configured.map(({ name, value, from }) => line(name, `${value}  (${from})`))),
      ...(reason === undefined ? [] : [line('why', reason)]),
      ...(advice === undefined ? [] : [line('do', advice)]),
    ]),
    ...warnings.map((warning) => line('besides', warning)),
  ];
  return `${lines.join('\n')}\n`;
}

function line(title: string, text: string): string {
  return `  ${title.padEnd(14)} ${text}`;
}
