// Bundles the agent: `node bundle-with.mjs webpack agent.mjs main.cjs`. In a process of its own, since some bundlers hang
// in jest's realm.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

// What gRPC's package, which is CommonJS, asks for Node's modules by.
const banner =
  "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);";

const bundlers = {
  async esbuild(entry, outfile) {
    const { build } = await import('esbuild');
    const isModule = path.extname(outfile) === '.mjs';
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      minify: true,
      platform: 'node',
      logLevel: 'error',
      ...(isModule ? { format: 'esm', banner: { js: banner } } : { format: 'cjs' }),
    });
  },
  async rolldown(entry, outfile) {
    const { build } = await import('rolldown');
    await build({
      input: entry,
      platform: 'node',
      output: { file: outfile, format: 'esm', codeSplitting: false, minify: true },
      logLevel: 'warn',
    });
  },
  async webpack(entry, outfile) {
    const { default: webpack } = await import('webpack');
    const stats = await new Promise((resolve, reject) => {
      webpack(
        {
          mode: 'production',
          target: 'node22',
          entry,
          output: { path: path.dirname(outfile), filename: path.basename(outfile) },
        },
        (error, result) => (error ? reject(error) : resolve(result)),
      );
    });
    if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
  },
  async ncc(entry, outfile) {
    const { default: ncc } = await import('@vercel/ncc');
    const { code, assets } = await ncc(entry, { minify: false, quiet: true, cache: false });
    await writeFile(outfile, code);
    for (const [name, { source }] of Object.entries(assets)) {
      const file = path.join(path.dirname(outfile), name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, source);
    }
  },
};

const [bundler, entry, outfile] = process.argv.slice(2);
await bundlers[bundler](entry, outfile);
