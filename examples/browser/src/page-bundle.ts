import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The page's script, and the files that it contains. */
export interface PageBundle {
  readonly script: string;
  /** Paths from the working directory. */
  readonly inputs: readonly string[];
}

/** Bundles the page's script as a release would. */
export async function bundlePage(): Promise<PageBundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL('./page/page.ts', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    // Takes the package's sources, so that nothing must be built first. Your page takes the built package.
    conditions: ['@codex-otel/source'],
    metafile: true,
    write: false,
  });
  return { script: outputFiles[0]?.text ?? '', inputs: Object.keys(metafile.inputs) };
}
