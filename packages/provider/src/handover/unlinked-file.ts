/**
 * Writes bytes to a file that has no name any more before the first of them is in it: headers and keys are in
 * there. Gives its descriptor, positioned at the start.
 */
export function writeUnlinkedFile(
  bytes: Buffer,
  directory: string = process.getBuiltinModule('node:os').tmpdir(),
): number {
  // An import would have every getter of the module run at the start of each process, promises and streams with it.
  const { closeSync, openSync, unlinkSync, writeSync } = process.getBuiltinModule('node:fs');
  const name = `codex-otel-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const file = process.getBuiltinModule('node:path').join(directory, name);
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
