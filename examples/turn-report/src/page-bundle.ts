import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The page's script and style, as the build made them. */
export interface PageBundle {
  readonly script: string;
  readonly style: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const built = path.join(root, 'dist');

/**
 * The page's bundle: what the build left, or, where nothing was built, built now.
 *
 * @param options.rebuild - builds whatever is there, as tests do that must not see an old page.
 */
export async function loadPageBundle({ rebuild = false }: { readonly rebuild?: boolean } = {}): Promise<PageBundle> {
  if (rebuild || !existsSync(path.join(built, 'page.js'))) {
    const { build } = await import('vite');
    await build({ root, configFile: path.join(root, 'vite.config.mjs'), logLevel: 'error' });
  }
  const read = (file: string) => readFile(path.join(built, file), 'utf8');
  const [script, style] = await Promise.all([read('page.js'), read('page.css')]);
  return { script, style };
}
