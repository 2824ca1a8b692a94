import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Writes what was measured into its place in a page, named from the root, with when and on what. */
export async function writeMeasured(page: string, name: string, text: string): Promise<void> {
  const file = fileURLToPath(new URL(`../../../${page}`, import.meta.url));
  const old = await readFile(file, 'utf8');
  const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  if (!old.includes(start) || !old.includes(end)) throw new Error(`${page} has no place for '${name}'`);
  const measured = `Measured ${new Date().toISOString().slice(0, 10)} on Node ${process.version.slice(1)}, ${cpus().length} cores.`;
  const before = old.slice(0, old.indexOf(start) + start.length);
  await writeFile(file, `${before}\n${measured}\n\n${text}\n${old.slice(old.indexOf(end))}`);
}
