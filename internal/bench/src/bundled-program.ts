import { build } from 'esbuild';

/** Bundled CommonJS loads Node's own modules with `require`, which an ES module does not have. */
const banner = "import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);";

/**
 * Bundles a program as its authors would publish it: `<outdir>/<name of the entry>.mjs` and the parts that load later.
 *
 * @throws what esbuild says when it cannot be bundled.
 */
export async function bundleProgram(entry: string, outdir: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    banner: { js: banner },
    logLevel: 'silent',
  });
}
