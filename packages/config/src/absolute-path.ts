import os from 'node:os';
import path from 'node:path';

/** Whether a string can be a file path, as opposed to a file's content, such as a key, which must not be shown. */
export function isFilePath(text: string): boolean {
  return !/[\r\n]|-----BEGIN/.test(text);
}

/** Resolves a path from the file: `~` is the user's home, and relative paths start at `base`. */
export function absolutePath(file: string, base: string): string {
  return path.resolve(
    base,
    file.replace(/^~(?=$|[/\\])/, () => os.homedir()),
  );
}
