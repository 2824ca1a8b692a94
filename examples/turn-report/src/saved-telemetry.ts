import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseSavedOtlp } from './model/saved-otlp.ts';
import type { Telemetry } from './model/telemetry.ts';

const SAVED = /\.jsonl?$/;

/**
 * Reads saved OTLP JSON: a file, or the `.json` and `.jsonl` files of a folder and the folders in it.
 *
 * @throws if there is nothing at the path, or a file is not JSON; the message names the file.
 */
export async function readSavedTelemetry(target: string): Promise<readonly Telemetry[]> {
  const found = await stat(target).catch(() => undefined);
  if (found === undefined) throw new Error(`there is no file or folder ${target}`);
  const files = found.isDirectory() ? await savedFiles(target) : [target];
  if (files.length === 0) throw new Error(`there are no .json or .jsonl files in ${target}`);
  return Promise.all(
    files.map(async (file) => {
      try {
        return parseSavedOtlp(await readFile(file, 'utf8'));
      } catch (error) {
        throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
    }),
  );
}

async function savedFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && SAVED.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
