/**
 * A file that has no name any more before the first byte is in it: headers and keys are in there. Its descriptor stays
 * positioned at the start, whatever is appended.
 *
 * Methods throw what the file system throws.
 */
export class UnlinkedFile {
  readonly descriptor: number;
  #size = 0;

  constructor(directory: string = process.getBuiltinModule('node:os').tmpdir()) {
    // An import would have every getter of the module run at the start of each process, promises and streams with it.
    const { openSync, unlinkSync } = process.getBuiltinModule('node:fs');
    const name = `codex-otel-${process.pid}-${Math.random().toString(36).slice(2)}`;
    const file = process.getBuiltinModule('node:path').join(directory, name);
    this.descriptor = openSync(file, 'wx+', 0o600);
    try {
      unlinkSync(file);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  append(bytes: Uint8Array): void {
    const { writeSync } = process.getBuiltinModule('node:fs');
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.descriptor, bytes, done, bytes.length - done, this.#size + done);
    }
    this.#size += bytes.length;
  }

  close(): void {
    process.getBuiltinModule('node:fs').closeSync(this.descriptor);
  }
}
