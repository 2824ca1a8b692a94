import os from 'node:os';
import path from 'node:path';

/** A path of the file: `~` is the user's home, and what is relative starts at `base`. */
export function absolutePath(file: string, base: string): string {
  return path.resolve(
    base,
    file.replace(/^~(?=$|[/\\])/, () => os.homedir()),
  );
}
