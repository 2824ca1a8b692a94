import os from 'node:os';
import path from 'node:path';

/** Whether a text can be a file's path, as opposed to what stands in the file: a key, which must not be shown. */
export function isFilePath(text: string): boolean {
  return !/[\r\n]|-----BEGIN/.test(text);
}

/** A path of the file: `~` is the user's home, and what is relative starts at `base`. */
export function absolutePath(file: string, base: string): string {
  return path.resolve(
    base,
    file.replace(/^~(?=$|[/\\])/, () => os.homedir()),
  );
}
