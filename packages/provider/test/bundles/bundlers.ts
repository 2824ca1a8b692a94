import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { childLimits } from '@codex-otel/testing';
import commonjsPlugin from '@rollup/plugin-commonjs';
import jsonPlugin from '@rollup/plugin-json';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import { rollup } from 'rollup';
import webpack from 'webpack';

// Their types are CommonJS's, what is loaded are ES modules: the default import is the plugin itself.
const commonjs = commonjsPlugin as unknown as typeof commonjsPlugin.default;
const json = jsonPlugin as unknown as typeof jsonPlugin.default;

const bundleWith = fileURLToPath(new URL('./bundle-with.mjs', import.meta.url));

/** A module format that a bundle can have. */
export type BundleFormat = 'esm' | 'cjs';

/** Bundles a program into a folder. */
export type Bundle = (entry: string, folder: string, format: BundleFormat) => Promise<void>;

/** The name of the entry in a bundle's folder. */
export function entryName(format: BundleFormat): string {
  return format === 'esm' ? 'main.mjs' : 'main.cjs';
}

/**
 * An ES module has no `require`, and gRPC's package, which is CommonJS, asks for Node's modules by it. The
 * README shows this line.
 */
const requireBanner =
  "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);";

const bundleWithEsbuild: Bundle = (entry, folder, format) => esbuildTo(entry, folder, format, requireBanner);

/** An ES module by esbuild that lacks the line. */
export const bundleWithoutRequire: Bundle = (entry, folder, format) => esbuildTo(entry, folder, format, '');

async function esbuildTo(entry: string, folder: string, format: BundleFormat, banner: string): Promise<void> {
  await esbuild.build({
    entryPoints: { main: entry },
    outdir: folder,
    bundle: true,
    platform: 'node',
    format,
    outExtension: { '.js': path.extname(entryName(format)) },
    logLevel: 'error',
    ...(format === 'esm' && { splitting: true, banner: { js: banner } }),
  });
}

const bundleWithRollup: Bundle = async (entry, folder, format) => {
  const bundle = await rollup({
    input: { main: entry },
    plugins: [nodeResolve({ preferBuiltins: true, exportConditions: ['node'] }), commonjs(), json()],
    onwarn: () => {},
  });
  const extension = path.extname(entryName(format));
  await bundle.write({
    dir: folder,
    format,
    entryFileNames: `[name]${extension}`,
    chunkFileNames: `[name]-[hash]${extension}`,
  });
  await bundle.close();
};

const bundleWithWebpack: Bundle = async (entry, folder, format) => {
  const isModule = format === 'esm';
  const compiler = webpack({
    mode: 'production',
    target: 'node22',
    entry: { main: entry },
    experiments: { outputModule: isModule },
    output: {
      path: folder,
      filename: `[name]${path.extname(entryName(format))}`,
      chunkFilename: `[name]${path.extname(entryName(format))}`,
      ...(isModule && { module: true, chunkFormat: 'module', library: { type: 'module' } }),
    },
    optimization: { minimize: false },
  });
  if (compiler === null) throw new Error('webpack gave no compiler');
  await new Promise<void>((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error !== null) reject(error);
      else if (stats?.hasErrors()) reject(new Error(stats.toString({ all: false, errors: true })));
      else compiler.close(() => resolve());
    });
  });
};

/** The bundlers that the package must work with. */
export const bundlers: Readonly<Record<'esbuild' | 'rollup' | 'webpack', Bundle>> = {
  esbuild: bundleWithEsbuild,
  rollup: bundleWithRollup,
  webpack: bundleWithWebpack,
};

/**
 * The bundlers that a program without gRPC must work with. The further ones run in their own processes, and fail if
 * they print anything.
 */
export const httpOnlyBundlers: Readonly<Record<keyof typeof bundlers | 'rolldown' | 'vite', Bundle>> = {
  ...bundlers,
  rolldown: (entry, folder) => runBundler(['rolldown', entry, folder]),
  vite: (entry, folder) => runBundler(['vite', entry, folder]),
};

async function runBundler(args: readonly string[]): Promise<void> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stderr } = await promisify(execFile)(process.execPath, [bundleWith, ...args], { ...childLimits, env });
  if (stderr !== '') throw new Error(stderr);
}

/** The files of a bundle that hold gRPC's code. */
export async function filesWithGrpc(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  return files.filter((_file, index) => texts[index]?.includes('GRPC_NODE_TRACE'));
}
