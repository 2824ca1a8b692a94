// `npm run test:loaded`: runs all tests five times on each of our versions of Node, on all versions at once, so that no
// core is ever free. Each version has its own clone of the last commit. `-- --times 2`, `-- --node 26.10.0`.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { mustRun, nodeBin, nodes, root, run } from '@codex-otel/packages';

const { values } = parseArgs({
  options: { times: { type: 'string', default: '5' }, node: { type: 'string', multiple: true, default: [...nodes] } },
});
const times = Number(values.times);
if (!Number.isSafeInteger(times) || times < 1) {
  console.error(`--times must be a whole number from 1 on, not '${values.times}'`);
  process.exit(2);
}

const folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-under-load-'));
const commit = await mustRun('git', ['log', '-1', '--format=%h %s'], { cwd: root });
console.log(`All tests of ${commit.trim()}, ${times} times on Node ${values.node.join(', ')} at once`);
const clones: Clone[] = [];
for (const version of values.node) clones.push(await newClone(version));
const passed = await Promise.all(clones.map(runAgainAndAgain));
if (passed.every(Boolean)) await rm(folder, { recursive: true });
process.exit(passed.every(Boolean) ? 0 : 1);

/** A clone of the repository with what it needs, and the Node that its tests run on. */
interface Clone {
  readonly version: string;
  readonly folder: string;
  readonly bin: string;
}

async function newClone(version: string): Promise<Clone> {
  const bin = await nodeBin(folder, version);
  const parent = path.join(folder, `clone-${version}`);
  const clone = path.join(parent, 'repository');
  await mustRun('git', ['clone', '--quiet', root, clone], { cwd: folder });
  // Recordings that some suites read beside the repository.
  const shared = path.join(path.dirname(path.resolve(root)), 'shared');
  if (existsSync(shared)) await symlink(shared, path.join(parent, 'shared'));
  await mustRun('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], { cwd: clone });
  await mustRun('turbo', ['run', 'build', '--output-logs=errors-only'], { cwd: clone });
  return { version, folder: clone, bin };
}

/** Returns whether no test failed in any of the runs. The output of a run with failures is kept. */
async function runAgainAndAgain({ version, folder: cwd, bin }: Clone): Promise<boolean> {
  let isWhole = true;
  for (let count = 1; count <= times; count += 1) {
    const startedAt = performance.now();
    const args = [
      '--experimental-vm-modules',
      'node_modules/jest/bin/jest.js',
      `--maxWorkers=${availableParallelism()}`,
    ];
    // Not as in CI, so that the property tests try new values in each run.
    const { code, output } = await run('node', args, { cwd, bin, env: { CI: '', NO_COLOR: '1' } });
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const tally = output.trimEnd().split('\n').at(-1) ?? '';
    const load = Math.round(loadavg()[1] ?? 0);
    console.log(`Node ${version}, run ${count} of ${times}: ${tally} (${seconds} s, load ${load})`);
    if (code === 0) continue;
    isWhole = false;
    const file = path.join(folder, `${version}-${count}.log`);
    await writeFile(file, output);
    console.log(`${[...new Set(output.match(/^ {2}● .*/gm))].join('\n')}\n  the output is in ${file}`);
  }
  return isWhole;
}
