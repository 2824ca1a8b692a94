import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The folders in which a shell looks for programs. */
export function foldersOnPath(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  return (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
}

/** The first program of one of these names in these folders. */
export function executableIn(folders: readonly string[], names: readonly string[]): string | undefined {
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find(isExecutable);
}

/** Whether this user may run a file. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
