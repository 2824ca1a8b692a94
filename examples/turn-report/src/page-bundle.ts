import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The built script and style of the page. */
export interface PageBundle {
  readonly script: string;
  readonly style: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const built = path.join(root, 'dist');
const run = promisify(execFile);

/** The page's bundle: the last build, or a new one if there is none. */
export async function loadPageBundle(): Promise<PageBundle> {
  return existsSync(path.join(built, 'page.js')) ? readBundle(built) : buildPage();
}

/** Builds the page from its sources, without touching the last build. */
export async function buildPage(): Promise<PageBundle> {
  const folder = await mkdtemp(path.join(tmpdir(), 'turn-report-page-'));
  try {
    const vite = path.join(path.dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
    const args = [vite, 'build', root, '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'];
    await run(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '' } });
    return await readBundle(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readBundle(folder: string): Promise<PageBundle> {
  const read = (file: string) => readFile(path.join(folder, file), 'utf8');
  const [script, style] = await Promise.all([read('page.js'), read('page.css')]);
  return { script, style };
}
