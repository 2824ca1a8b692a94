import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { MODEL_API_KEY, startModelServer } from '@codex-otel/example-cli';
import { startJaeger } from './programs/jaeger.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Goes from a fresh clone to a trace of an agent in Jaeger by the README's own steps, in their order.
 *
 * What is replaced: the names of our packages, which are packed from the clone, since they are not published from here;
 * the ports, which may be taken; and the model, which is a local one.
 *
 * @throws at the first step that does not behave as the README says.
 */
export async function runQuickstart(jaegerFile: string, say: (line: string) => void): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-quickstart-'));
  const modelServer = await startModelServer({ answers: [{ stream: '1-plain-answer' }], paceMillis: 5 });
  const jaeger = await startJaeger(jaegerFile, folder);
  try {
    const clone = path.join(folder, 'clone');
    await run(say, folder, 'git', ['clone', '--quiet', '--depth', '1', `file://${root}`, clone]);
    const readme = await readFile(path.join(clone, 'README.md'), 'utf8');
    const steps = quickstartSteps(readme);

    await run(say, clone, 'npm', ['run', 'demo']);
    const packages = await packed(clone, path.join(folder, 'packages'), say);
    const agent = path.join(folder, 'agent');
    const codexHome = path.join(folder, 'home', '.codex');
    await Promise.all([mkdir(agent), mkdir(codexHome, { recursive: true })]);
    await writeFile(path.join(agent, 'package.json'), '{ "private": true, "type": "module" }');
    const installed = steps.install
      .replace(/@codex-otel\/\S+/, packages.join(' '))
      .replaceAll(/ @codex-otel\/\S+/g, '');
    await run(say, agent, 'sh', ['-c', installed]);
    await writeFile(
      path.join(codexHome, 'config.toml'),
      steps.toml.replaceAll('http://localhost:4318', jaeger.endpoint),
    );
    await writeFile(path.join(agent, 'agent.ts'), steps.program);

    const env = {
      ...process.env,
      CODEX_HOME: codexHome,
      OPENAI_BASE_URL: modelServer.url,
      OPENAI_API_KEY: MODEL_API_KEY,
    };
    const said = [];
    // Jaeger runs already.
    for (const line of steps.see.filter((step) => step !== 'jaeger &')) {
      said.push(await run(say, agent, 'sh', ['-c', line], { env, mayFail: line.includes('check') }));
    }
    if (!/^traces +arrived$/m.test(said.join('\n')))
      throw new Error(`the check does not say that traces arrive: ${said}`);
    return await jaeger.waitForTrace('codex_cli_rs', 'session_task.turn');
  } finally {
    await jaeger.stop();
    await modelServer.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The steps of the README's section "All packages together". */
export interface QuickstartSteps {
  readonly install: string;
  readonly toml: string;
  readonly program: string;
  readonly see: readonly string[];
}

/** @throws when the section does not have the blocks that are needed. */
export function quickstartSteps(readme: string): QuickstartSteps {
  const [, section = ''] = /\n## All packages together\n(.*?)\n## /s.exec(readme) ?? [];
  const blocks = (language: string) =>
    [...section.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text.trim());
  const [install, see] = blocks('sh');
  const [toml] = blocks('toml');
  const [program] = blocks('ts');
  if (install === undefined || see === undefined || toml === undefined || program === undefined) {
    throw new Error('the README has no install line, no settings, no program or no steps to see it');
  }
  const lines = see.split('\n').map((line) => line.replace(/\s+#.*$/, ''));
  return { install, toml, program, see: lines };
}

/** The packages of a clone that was built, as npm would get them. */
async function packed(clone: string, folder: string, say: (line: string) => void): Promise<readonly string[]> {
  await mkdir(folder);
  const pnpm = path.join(clone, 'node_modules', '.bin', 'pnpm');
  await run(say, clone, pnpm, ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', folder]);
  const names = await readdir(folder);
  return names.map((name) => path.join(folder, name));
}

/** Asynchronous, since this process is the agent's model meanwhile. */
function run(
  say: (line: string) => void,
  cwd: string,
  program: string,
  args: readonly string[],
  { env = process.env, mayFail = false }: { readonly env?: NodeJS.ProcessEnv; readonly mayFail?: boolean } = {},
): Promise<string> {
  say(`$ ${[path.basename(program), ...args].join(' ').slice(0, 160)}`);
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { cwd, env, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
      if (error === null || mayFail) resolve(stdout);
      else reject(new Error(`${program} ${args.join(' ')} failed: ${stdout}${stderr}`, { cause: error }));
    });
  });
}
