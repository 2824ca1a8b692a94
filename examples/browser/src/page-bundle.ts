import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The page's script, and which files are in it. */
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
    // The package's sources, so that nothing need be built before; a page of yours takes the built package.
    conditions: ['@codex-otel/source'],
    metafile: true,
    write: false,
  });
  return { script: outputFiles[0]?.text ?? '', inputs: Object.keys(metafile.inputs) };
}
