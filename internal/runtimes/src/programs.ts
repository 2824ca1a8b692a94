import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Runtime } from './runtime.ts';

const run = promisify(execFile);
const agent = fileURLToPath(new URL('./agent.mjs', import.meta.url));
const bundleWith = fileURLToPath(new URL('./bundle-with.mjs', import.meta.url));
const postject = createRequire(import.meta.url).resolve('postject/dist/cli.js');

/** An agent that can be run. */
export interface Program {
  readonly name: string;
  /** Program and arguments that start it. */
  readonly command: readonly string[];
  /** No file of the packages is beside it, so it is its own uploader. */
  readonly isOwnUploader: boolean;
}

/** How the agent is made into a program; each gets an empty folder. */
export interface ProgramBuild {
  readonly name: string;
  /**
   * @returns the command that starts it
   * @throws Error when it cannot be built
   */
  build(folder: string): Promise<readonly string[]>;
}

/** The agent from the installed packages, as a runtime takes it. */
export function installedAgent({ name, command }: Runtime): Program {
  return { name, command: [...command, agent], isOwnUploader: false };
}

/** The agent bundled or made into one file, in each way for which the runtime is there. */
export function programBuilds(runtimes: readonly Runtime[]): readonly ProgramBuild[] {
  const { Node: node, Bun: bun, Deno: deno } = Object.fromEntries(runtimes.map((each) => [each.name, each.command]));
  return [
    ...(node === undefined ? [] : nodeBuilds(node)),
    ...(bun === undefined ? [] : bunBuilds(bun)),
    ...(deno === undefined ? [] : denoBuilds(deno)),
  ];
}

/** Builds a program in a folder of its own inside of another. */
export async function builtProgram({ name, build }: ProgramBuild, inside: string): Promise<Program> {
  const folder = path.join(inside, name.replaceAll(/[^a-z0-9]+/gi, '-'));
  await mkdir(folder);
  return { name, command: await build(folder), isOwnUploader: true };
}

function nodeBuilds(node: readonly string[]): ProgramBuild[] {
  const bundle = (name: string, bundler: string, file: string): ProgramBuild => ({
    name: `${name}, on Node`,
    build: async (folder) => [...node, await bundled(bundler, path.join(folder, file))],
  });
  return [
    bundle('esbuild, ES module', 'esbuild', 'main.mjs'),
    bundle('esbuild, CommonJS', 'esbuild', 'main.cjs'),
    bundle('rolldown, ES module', 'rolldown', 'main.mjs'),
    bundle('webpack, CommonJS', 'webpack', 'main.cjs'),
    bundle('ncc, ES module', 'ncc', 'main.mjs'),
    { name: 'Node single executable', build: (folder) => singleExecutable(node, folder) },
  ];
}

function bunBuilds([bun = '']: readonly string[]): ProgramBuild[] {
  const build = async (folder: string, file: string, ...args: readonly string[]) => {
    const outfile = path.join(folder, file);
    await run(bun, ['build', agent, ...args, '--outfile', outfile], { cwd: folder });
    return outfile;
  };
  return [
    {
      name: 'bun build, on Node',
      build: async (folder) => [process.execPath, await build(folder, 'main.mjs', '--target=node', '--format=esm')],
    },
    { name: 'bun build, on Bun', build: async (folder) => [bun, await build(folder, 'main.mjs', '--target=bun')] },
    {
      name: 'esbuild, CommonJS, on Bun',
      build: async (folder) => [bun, await bundled('esbuild', path.join(folder, 'main.cjs'))],
    },
    { name: 'bun build --compile', build: async (folder) => [await build(folder, 'cli', '--compile')] },
  ];
}

function denoBuilds([deno = '', ...args]: readonly string[]): ProgramBuild[] {
  const bundle = (folder: string, file: string) => bundled('esbuild', path.join(folder, file));
  return [
    {
      name: 'esbuild, ES module, on Deno',
      build: async (folder) => [deno, ...args, await bundle(folder, 'main.mjs')],
    },
    {
      name: 'esbuild, CommonJS, on Deno',
      build: async (folder) => [deno, ...args, await bundle(folder, 'main.cjs')],
    },
    {
      // Fetches the part of Deno that goes into the file.
      name: 'deno compile',
      build: async (folder) => {
        const output = path.join(folder, 'cli');
        const main = await bundle(folder, 'main.mjs');
        await run(deno, ['compile', '--allow-all', '--quiet', '--output', output, main], { cwd: folder });
        await rm(main);
        return [output];
      },
    },
  ];
}

async function bundled(bundler: string, outfile: string): Promise<string> {
  const { NODE_OPTIONS: _jest, ...env } = process.env;
  await run(process.execPath, [bundleWith, bundler, agent, outfile], { env });
  return outfile;
}

/** @see https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html */
async function singleExecutable([node = '']: readonly string[], folder: string): Promise<readonly string[]> {
  const config = path.join(folder, 'sea.json');
  const output = path.join(folder, 'sea.blob');
  const main = await bundled('esbuild', path.join(folder, 'main.cjs'));
  await writeFile(config, JSON.stringify({ main, output, disableExperimentalSEAWarning: true }));
  await run(node, ['--experimental-sea-config', config]);
  const program = path.join(folder, process.platform === 'win32' ? 'cli.exe' : 'cli');
  await copyFile(node, program);
  await chmod(program, 0o755);
  const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
  await run(node, [postject, program, 'NODE_SEA_BLOB', output, '--sentinel-fuse', fuse]);
  await Promise.all([config, output, main].map((file) => rm(file)));
  return [program];
}
