import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromiumArguments } from '@codex-otel/testing/chromium';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import { chromium } from 'playwright-core';
import { rollup } from 'rollup';
import { build as viteBuild } from 'vite';
import webpack from 'webpack';

/** Bundles a page's entry into one script. */
type BundlePage = (entry: string, file: string) => Promise<void>;

/** The bundlers that pages are built with. */
export const pageBundlers: Readonly<Record<'esbuild' | 'rollup' | 'vite' | 'webpack', BundlePage>> = {
  esbuild: async (entry, file) => {
    await esbuild.build({
      entryPoints: [entry],
      outfile: file,
      bundle: true,
      minify: true,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      logLevel: 'silent',
    });
  },
  rollup: async (entry, file) => {
    const bundle = await rollup({
      input: entry,
      plugins: [nodeResolve({ browser: true })],
      onwarn: (warning) => {
        throw new Error(warning.message);
      },
    });
    const { output } = await bundle.generate({ format: 'iife' });
    await bundle.close();
    const { code } = await esbuild.transform(output[0].code, { minify: true, target: 'es2022' });
    await writeFile(file, code);
  },
  vite: async (entry, file) => {
    await viteBuild({
      root: path.dirname(entry),
      configFile: false,
      logLevel: 'error',
      build: {
        outDir: path.dirname(file),
        emptyOutDir: false,
        lib: { entry, formats: ['iife'], name: 'page', fileName: () => path.basename(file) },
        minify: true,
      },
    });
  },
  webpack: (entry, file) =>
    new Promise((resolve, reject) => {
      const output = { path: path.dirname(file), filename: path.basename(file) };
      const compiler = webpack({
        mode: 'production',
        target: ['web', 'es2022'],
        entry,
        output,
        context: path.dirname(entry),
      });
      compiler?.run((error, stats) => {
        if (error !== null) reject(error);
        else if (stats?.hasErrors() || stats?.hasWarnings()) reject(new Error(stats.toString('errors-warnings')));
        else compiler.close(() => resolve());
      });
    }),
};

/** The size of a script as it is transferred. */
export async function gzipBytes(file: string): Promise<number> {
  return gzipSync(await readFile(file), { level: 9 }).length;
}

/** What the scripts leave in `globalThis.pageResult`, each in a page of its own in a real browser. */
export async function runInChromium(executablePath: string, files: readonly string[]): Promise<readonly unknown[]> {
  const browser = await chromium.launch({ executablePath, args: [...chromiumArguments] });
  try {
    const results: unknown[] = [];
    for (const file of files) {
      const page = await browser.newPage();
      const errors: unknown[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.addScriptTag({ content: await readFile(file, 'utf8') });
      results.push(errors[0] ?? (await page.evaluate('globalThis.pageResult')));
      await page.close();
    }
    return results;
  } finally {
    await browser.close();
  }
}
