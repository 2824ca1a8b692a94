import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root: string = fileURLToPath(new URL('../../../', import.meta.url));
const tools = [
  fileURLToPath(new URL('../node_modules/.bin', import.meta.url)),
  path.join(root, 'node_modules', '.bin'),
];

/** The result of a command. */
export interface CommandResult {
  readonly code: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

/** A place to run commands in. */
export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Put in front of the path: another Node. */
  readonly bin?: string | undefined;
}

/** Runs one of the pinned tools, or a program of the machine; never throws. */
export function run(program: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const bins = [...(options.bin === undefined ? [] : [options.bin]), ...tools, process.env.PATH];
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...cleanEnvironment(), PATH: bins.join(path.delimiter), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', (error) => resolve({ code: 1, output: String(error) }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The same, but a failure is reported with everything that it printed. */
export async function mustRun(program: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { code, output } = await run(program, args, options);
  if (code !== 0) throw new Error(`'${program} ${args.join(' ')}' ended with exit code ${code}:\n${output}`);
  return output;
}

/** Without the variables of the package manager that started this: a consumer's install would read them as settings. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const own = /^(npm_(?!config_registry|config_cache)|pnpm_|NODE_OPTIONS|INIT_CWD|TURBO_|JEST_|NODE_ENV)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}
