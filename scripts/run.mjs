// Runs the commands of this repository, such as `npm test` and `npm run demo`, on any Node from 20 on, with nothing
// else installed. It installs the pinned package manager, the pinned Node and the dependencies, then runs the command
// on that Node.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
/** What OpenTelemetry JS 3.x needs. */
const lowestNode = [22, 15];

/** Scripts of ours that use our packages run on their sources. */
const sources = '--conditions=@codex-otel/source';

const commands = {
  demo: (args) => {
    step(
      'build',
      [
        'turbo',
        'run',
        'build',
        '--output-logs=errors-only',
        '--filter=./packages/*',
        '--filter=./examples/turn-report',
      ],
      { quiet: true },
    );
    step('demo', ['node', 'examples/cli/bin/demo.mjs', ...args]);
  },
  'demo:node-sdk': (args) => {
    step('NodeSDK example', ['node', sources, 'examples/node-sdk/src/main.ts', ...args]);
  },
  report: (args) => {
    step('build', ['turbo', 'run', 'build', '--output-logs=errors-only', '--filter=./examples/turn-report'], {
      quiet: true,
    });
    step('report', ['node', '--conditions=@codex-otel/source', 'examples/turn-report/bin/report.mjs', ...args]);
  },
  test: (args) => {
    step('build and types', ['turbo', 'run', 'build', 'typecheck', '--output-logs=errors-only']);
    step('lint and format', ['biome', 'ci', '.']);
    step('layers', ['turbo', 'boundaries']);
    step('unused files and dependencies', ['knip', '--no-config-hints']);
    step('tests', ['node', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js', ...args]);
  },
  'test:loaded': (args) => {
    step('tests under load', ['node', sources, 'internal/under-load/src/main.ts', ...args]);
  },
  bench: (args) => {
    step('build', ['turbo', 'run', 'build', '--output-logs=errors-only'], { quiet: true });
    step('bench', ['node', '--expose-gc', 'internal/bench/src/main.ts', ...args]);
  },
  conformance: (args) => {
    step('build', ['turbo', 'run', 'build', '--output-logs=errors-only', '--filter=./packages/*'], { quiet: true });
    step('conformance', ['node', 'internal/conformance/src/main.ts', ...args]);
  },
  packages: (args) => {
    buildAfresh();
    step('packages', ['node', sources, 'internal/packages/src/main.ts', ...args]);
  },
  api: (args) => {
    buildAfresh();
    step('API report', ['node', 'internal/docs/src/main.ts', ...args]);
  },
  docs: (args) => {
    step('API documentation', [
      'node',
      'internal/docs/node_modules/typedoc/bin/typedoc',
      '--options',
      'internal/docs',
      ...args,
    ]);
  },
  'release:version': (args) => {
    step('versions and changelogs', ['changeset', 'version', ...args]);
  },
  release: (args) => {
    buildAfresh();
    step('release', ['node', 'scripts/release.mjs', ...args]);
  },
  'release:rehearsal': (args) => {
    buildAfresh();
    step('rehearsal', ['node', sources, 'internal/release/src/main.ts', ...args]);
  },
  reliability: (args) => {
    step('build', ['turbo', 'run', 'build', '--output-logs=errors-only'], { quiet: true });
    step('reliability', ['node', 'internal/reliability/src/main.ts', ...args]);
  },
  mutation: (args) => {
    step('build', ['turbo', 'run', 'build', '--output-logs=errors-only', '--filter=./packages/*'], { quiet: true });
    step('mutation', ['node', 'internal/mutation/src/main.ts', ...args]);
  },
  backends: (args) => {
    step('build', ['turbo', 'run', 'build', '--output-logs=errors-only'], { quiet: true });
    step('backends', ['node', 'internal/backends/src/main.ts', ...args]);
  },
  runtimes: () => {
    step('build', ['turbo', 'run', 'build', '--output-logs=errors-only'], { quiet: true });
    step('runtimes', ['node', '--conditions=@codex-otel/source', 'internal/runtimes/src/main.ts']);
  },
};

const [name = '', ...rest] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  fail(`unknown command '${name}', expected one of: ${Object.keys(commands).join(', ')}`);
}
install();
const env = environment();
checkRuntime();
command(rest);

/** Builds what is packed without the cache, since a cached build leaves files of earlier builds beside its own. */
function buildAfresh() {
  for (const name of readdirSync(path.join(root, 'packages'))) {
    rmSync(path.join(root, 'packages', name, 'dist'), { recursive: true, force: true });
  }
  step('build', ['turbo', 'run', 'build', '--output-logs=errors-only', '--filter=./packages/*'], { quiet: true });
}

/** Installs when a manifest or the lock file changed since the last time it succeeded. */
function install() {
  const stampFile = path.join(root, 'node_modules', '.bootstrap', 'stamp');
  const stamp = inputsHash();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  const packageManager = manifest.packageManager;
  console.error(`▸ install: ${packageManager}, Node ${manifest.devDependencies.node} and the dependencies`);
  const code = run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only'], {
    env: process.env,
    stdout: 2,
  });
  if (code !== 0) fail(`'npx ${packageManager} install' failed with exit code ${code}; is the npm registry reachable?`);
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}

function inputsHash() {
  const hash = createHash('sha256');
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'];
  for (const folder of ['packages', 'examples', 'internal']) {
    if (!existsSync(path.join(root, folder))) continue;
    for (const entry of readdirSync(path.join(root, folder)).sort()) files.push(`${folder}/${entry}/package.json`);
  }
  for (const file of files) {
    const absolute = path.join(root, file);
    if (existsSync(absolute)) hash.update(file).update(readFileSync(absolute));
  }
  return hash.digest('hex');
}

/** The pinned Node first on the path, then the installed tools. */
function environment() {
  const bins = [path.join(root, 'node_modules', 'node', 'bin'), path.join(root, 'node_modules', '.bin')];
  return { ...process.env, PATH: [...bins, process.env.PATH].join(path.delimiter), TURBO_TELEMETRY_DISABLED: '1' };
}

function checkRuntime() {
  const answer = spawnSync('node', ['--version'], { env, encoding: 'utf8' });
  const version = (answer.stdout ?? '').trim();
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number);
  if (major > lowestNode[0] || (major === lowestNode[0] && minor >= lowestNode[1])) return;
  fail(
    `the project runs on Node ${lowestNode.join('.')} or newer, but 'node' is ${version || 'missing'}: ` +
      `the npm package 'node' ${manifest.devDependencies.node} did not install; remove node_modules and try again`,
  );
}

/** Progress goes to stderr: stdout belongs to the command, and `demo --json` is read by programs. */
function step(title, [program, ...args], { quiet = false } = {}) {
  console.error(`▸ ${title}`);
  const code = run(program, args, { env, quiet });
  if (code !== 0) {
    // Without the caller's arguments: an endpoint may have a key in it.
    const own = args.filter((arg) => !rest.includes(arg));
    console.error(`✗ ${title}: '${[program, ...own].join(' ')}' ended with exit code ${code}`);
    process.exit(code);
  }
}

/** Runs to the end. The output of a quiet program is shown only if it fails. */
function run(program, args, { env: childEnv, quiet = false, stdout = 1 }) {
  const result = spawnSync(program, args, {
    cwd: root,
    stdio: quiet ? 'pipe' : ['inherit', stdout, 2],
    env: childEnv,
    shell: process.platform === 'win32',
  });
  if (result.error !== undefined) console.error(`${program}: ${result.error.message}`);
  if (quiet && result.status !== 0) console.error(`${result.stdout}${result.stderr}`);
  return result.status ?? 1;
}

function fail(message) {
  console.error(`codex-otel: ${message}`);
  process.exit(1);
}
