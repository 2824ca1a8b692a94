import { isSingleFile } from './single-file.ts';

/**
 * Program and arguments that start this program once more, followed by arguments of its own: from a file by its
 * runtime, or from a single executable.
 *
 * @param args - the arguments by which the program recognises that it runs as the uploader.
 */
export function thisProgram(...args: readonly string[]): readonly string[] {
  const [, main] = process.argv;
  return [process.execPath, ...(main === undefined || isSingleFile() ? [] : [main]), ...args];
}
