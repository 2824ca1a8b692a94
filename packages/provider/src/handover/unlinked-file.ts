import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * Writes bytes to a file that has no name any more before the first of them is in it: headers and keys are in
 * there. Gives its descriptor, positioned at the start.
 */
export function writeUnlinkedFile(bytes: Buffer, directory: string = tmpdir()): number {
  const name = `codex-otel-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const file = path.join(directory, name);
  const descriptor = openSync(file, 'wx+', 0o600);
  try {
    unlinkSync(file);
    // Written by position: the descriptor's own place, which the uploader inherits, stays at 0.
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(descriptor, bytes, done, bytes.length - done, done);
    }
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}
