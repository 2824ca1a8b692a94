// `npm run release:rehearsal`: releases a copy of the repository to a registry of its own: the first release, then a
// patch of one package, a minor that others follow, and a prerelease; and installs after each what a user would get.
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addPrograms, mustRun, root, run, runSession } from '@codex-otel/packages';
import { startRegistry } from './registry.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-release-'));
const copy = path.join(folder, 'repository');
const registry = await startRegistry(path.join(folder, 'registry'));
const names = (await readdir(path.join(root, 'packages'))).sort();
const env = {
  npm_config_userconfig: registry.npmrc,
  NPM_CONFIG_REGISTRY: registry.url,
  GITHUB_REPOSITORY: 'example/codex-otel',
  GITHUB_SERVER_URL: 'https://github.com',
  GIT_AUTHOR_NAME: 'rehearsal',
  GIT_AUTHOR_EMAIL: 'rehearsal@example.invalid',
  GIT_COMMITTER_NAME: 'rehearsal',
  GIT_COMMITTER_EMAIL: 'rehearsal@example.invalid',
};
const git = (...args: readonly string[]): Promise<string> => mustRun('git', args, { cwd: copy, env });

/** Versions by package; what is absent has not changed. */
type Versions = Readonly<Record<string, string>>;

function expectEqual(what: string, actual: unknown, expected: unknown): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (found !== wanted) throw new Error(`${what}: ${found}, expected ${wanted}`);
  console.log(`✓ ${what}: ${found}`);
}

/** What the registry has of a package. */
async function published(name: string): Promise<{ versions: Record<string, Manifest>; 'dist-tags': Versions }> {
  const response = await fetch(`${registry.url}@codex-otel%2f${name}`);
  if (!response.ok) return { versions: {}, 'dist-tags': {} };
  return (await response.json()) as { versions: Record<string, Manifest>; 'dist-tags': Versions };
}

interface Manifest {
  readonly version: string;
  readonly dependencies?: Versions;
  readonly repository?: unknown;
  readonly homepage?: string;
  readonly readme?: string;
}

/** Writes a changeset, as somebody who changes packages does. */
async function change(file: string, bumps: Versions, text: string): Promise<void> {
  const lines = Object.entries(bumps).map(([name, bump]) => `"@codex-otel/${name}": ${bump}\n`);
  await writeFile(path.join(copy, '.changeset', `${file}.md`), `---\n${lines.join('')}---\n\n${text}\n`);
  await commit(text);
}

async function commit(message: string): Promise<void> {
  await git('add', '--all');
  await git('commit', '--quiet', '--no-verify', '--message', message);
}

/** Updates the versions, and publishes. */
async function release(): Promise<Versions> {
  await mustRun('changeset', ['version'], { cwd: copy, env });
  await commit('Version packages');
  return publish();
}

/** Publishes; gives what is new on the registry. */
async function publish(): Promise<Versions> {
  const before = await allVersions();
  await mustRun(process.execPath, ['scripts/release.mjs'], { cwd: copy, env });
  expectEqual('files that the release has left changed', await git('status', '--porcelain'), '');
  const after = await allVersions();
  return Object.fromEntries(
    names.flatMap((name) => {
      const added = after[name]?.filter((version) => !before[name]?.includes(version)) ?? [];
      return added.length === 0 ? [] : [[name, added.join()]];
    }),
  );
}

async function allVersions(): Promise<Readonly<Record<string, readonly string[]>>> {
  const each = names.map(
    async (name): Promise<[string, string[]]> => [name, Object.keys((await published(name)).versions)],
  );
  return Object.fromEntries(await Promise.all(each));
}

/**
 * Installs from the registry what somebody asks for; returns the installed versions of our packages, and where they
 * are.
 */
async function installed(
  manager: 'npm' | 'pnpm' | 'yarn' | 'bun',
  wanted: readonly string[],
): Promise<[string, Versions]> {
  const place = await mkdtemp(path.join(folder, `${manager}-`));
  await writeFile(
    path.join(place, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module', license: 'UNLICENSED' }),
  );
  await cp(registry.npmrc, path.join(place, '.npmrc'));
  const verb = manager === 'npm' ? 'install' : 'add';
  const packages = [...wanted.map((name) => `@codex-otel/${name}`), '@opentelemetry/api'];
  await mustRun(manager, [verb, ...packages], {
    cwd: place,
    env: { ...env, YARN_CACHE_FOLDER: path.join(folder, 'yarn') },
  });
  const list = `for (const name of process.argv.slice(1)) try { console.log(name, require(require.resolve('@codex-otel/' + name + '/package.json', { paths: [process.cwd(), require.resolve('@codex-otel/session-telemetry')] })).version) } catch {}`;
  const output = await mustRun(process.execPath, ['--eval', list, ...names], { cwd: place });
  return [
    place,
    Object.fromEntries(
      output
        .trim()
        .split('\n')
        .map((line) => line.split(' ')),
    ),
  ];
}

async function expectSession(place: string): Promise<void> {
  await addPrograms(place);
  for (const program of ['session.mjs', 'session.cjs'])
    expectEqual(`${program} fails with`, await runSession(place, program, undefined), '');
}

const first = Object.fromEntries(names.map((name) => [name, '0.1.0']));
const full = ['config', 'provider', 'session-telemetry'];
try {
  await mustRun('git', ['clone', '--quiet', '--no-hardlinks', root, copy], { cwd: folder });
  // The build output, which a clone does not have.
  for (const name of names)
    await cp(path.join(root, 'packages', name, 'dist'), path.join(copy, 'packages', name, 'dist'), { recursive: true });

  console.log('▸ the first release');
  expectEqual('published', await release(), first);
  for (const name of names) {
    const manifest = (await published(name)).versions['0.1.0'];
    const ranges = Object.entries(manifest?.dependencies ?? {});
    const bad = ranges.filter(
      ([dependency, range]) =>
        /^(workspace|catalog):/.test(range) || (dependency.startsWith('@codex-otel/') && range !== '^0.1.0'),
    );
    expectEqual(`${name}: ranges that are not resolved`, bad, []);
    expectEqual(`${name}: repository`, manifest?.repository, {
      type: 'git',
      url: 'git+https://github.com/example/codex-otel.git',
      directory: `packages/${name}`,
    });
    expectEqual(
      `${name}: relative links in its README`,
      [...(manifest?.readme ?? '').matchAll(/\]\((?![a-z]+:|#)[^)]*\)/g)].map(String),
      [],
    );
  }
  for (const manager of ['npm', 'pnpm', 'yarn', 'bun'] as const) {
    const [place, versions] = await installed(manager, full);
    expectEqual(`installed by ${manager}`, versions, first);
    await expectSession(place);
  }

  console.log('▸ a patch of trace-context alone');
  await change('patch', { 'trace-context': 'patch' }, 'Fix trace-context');
  expectEqual('published', await release(), { 'trace-context': '0.1.1' });
  const [patched, versions] = await installed('npm', full);
  expectEqual('installed with the others as they were', versions, { ...first, 'trace-context': '0.1.1' });
  await expectSession(patched);

  console.log('▸ a minor of trace-context, and the packages that follow it');
  await change('minor', { 'trace-context': 'minor' }, 'Widen trace-context');
  expectEqual('published', await release(), {
    provider: '0.1.1',
    'session-telemetry': '0.1.1',
    'trace-context': '0.2.0',
  });
  expectEqual(
    'the range of a follower',
    (await published('provider')).versions['0.1.1']?.dependencies?.['@codex-otel/trace-context'],
    '^0.2.0',
  );

  console.log('▸ a prerelease');
  await mustRun('changeset', ['pre', 'enter', 'next'], { cwd: copy, env });
  await change('next', { 'token-usage': 'minor' }, 'Try something in token-usage');
  expectEqual('published', await release(), { 'session-telemetry': '0.1.2-next.0', 'token-usage': '0.2.0-next.0' });
  const { 'dist-tags': tags } = await published('token-usage');
  expectEqual('tags', [tags.latest, tags.next], ['0.1.0', '0.2.0-next.0']);
  await mustRun('changeset', ['pre', 'exit'], { cwd: copy, env });
  expectEqual('published after it', await release(), { 'session-telemetry': '0.1.2', 'token-usage': '0.2.0' });

  console.log('▸ a release without changes, and one without the address of its repository');
  expectEqual('published', await publish(), {});
  const { code } = await run(process.execPath, ['scripts/release.mjs'], {
    cwd: copy,
    env: { ...env, GITHUB_REPOSITORY: '' },
  });
  expectEqual('its exit code', code, 1);
} finally {
  await registry.close();
  await rm(folder, { recursive: true, force: true });
}
