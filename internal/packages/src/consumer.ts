import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandResult } from './commands.ts';
import { run } from './commands.ts';
import type { PackedPackage } from './packed.ts';

/** A package manager. */
export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';
/** All package managers. */
export const managers: readonly PackageManager[] = ['npm', 'pnpm', 'yarn', 'bun'];

const programs = fileURLToPath(new URL('../consumer/', import.meta.url));
const addCommand: Readonly<Record<PackageManager, readonly string[]>> = {
  npm: ['install', '--no-audit', '--no-fund', '--prefer-offline'],
  pnpm: ['add', '--prefer-offline'],
  yarn: ['add', '--prefer-offline', '--no-progress', '--non-interactive'],
  bun: ['add', '--no-progress'],
};

/** A line in which a package manager warns; warnings about the machine's own settings are ignored. */
const WARNING = /\bwarn(ing)?\b|\berr(or)?\b|\bERR_|deprecated|unmet|ignored build|blocked/i;
const OWN_MATTER = /Unknown (user|env) config/i;

/** Installs packages into an empty project: ours from their tarballs, the others as the registry has them. */
export async function newConsumer(
  folder: string,
  manager: PackageManager,
  wanted: readonly string[],
  packed: readonly PackedPackage[],
): Promise<Install> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // Our other packages that it needs are not on a registry yet; each manager has its own way to say where they are.
  // npm finds the wanted packages itself, and refuses to be told twice.
  const places = packed.map(({ name, tarball }): [string, string] => [name, `file:${tarball}`]);
  const overrides = Object.fromEntries(manager === 'npm' ? places.filter(([name]) => !wanted.includes(name)) : places);
  const key = manager === 'yarn' ? 'resolutions' : 'overrides';
  const manifest = { name: 'consumer', private: true, type: 'module', license: 'UNLICENSED', [key]: overrides };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  if (manager === 'pnpm') {
    const lines = places.map(([name, place]) => `  "${name}": ${place}\n`);
    await writeFile(path.join(folder, 'pnpm-workspace.yaml'), `packages: ["."]\noverrides:\n${lines.join('')}`);
  }
  const sources = new Map(places);
  const specs = wanted.map((name) => (sources.has(name) ? `${name}@${sources.get(name)}` : name));
  const { code, output } = await run(manager, [...addCommand[manager], ...specs], { cwd: folder });
  const warnings = output.split('\n').filter((line) => WARNING.test(line) && !OWN_MATTER.test(line));
  return { folder, code, output, warnings };
}

/** An install that was tried. */
export interface Install extends CommandResult {
  readonly folder: string;
  /** Lines in which the package manager warned or failed. */
  readonly warnings: readonly string[];
}

/** Puts one of the programs of `consumer/` into a consumer. */
export function addPrograms(folder: string): Promise<void> {
  return cp(programs, folder, { recursive: true });
}

/** What an install brought: how many packages besides those that were asked for by the user, and their size on disk. */
export interface Installed {
  /** Name and version of each copy. */
  readonly packages: readonly { readonly name: string; readonly version: string }[];
  readonly bytes: number;
}

/** Reads a `node_modules` that is flat or nested, as npm makes it. */
export async function installedIn(folder: string): Promise<Installed> {
  const packages: { name: string; version: string }[] = [];
  let bytes = 0;
  async function visit(directory: string): Promise<void> {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const file = path.join(directory, entry.name);
      if (entry.isDirectory()) await visit(file);
      else if (entry.isFile()) bytes += (await stat(file)).size;
      const inside = path.relative(folder, file).split('node_modules/').at(-1) ?? '';
      if (entry.name !== 'package.json' || !/^(@[^/]+\/)?[^/]+\/package\.json$/.test(inside)) continue;
      const { name, version } = JSON.parse(await readFile(file, 'utf8'));
      if (name !== undefined) packages.push({ name, version });
    }
  }
  await visit(path.join(folder, 'node_modules'));
  return { packages, bytes };
}
