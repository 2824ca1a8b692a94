import type { PlatformDifferences } from '@codex-otel/config';
import { differencesOf, thisPlatform } from '@codex-otel/config';
import { diag } from '@opentelemetry/api';

/**
 * A file that has no name any more before the first byte is in it: headers and keys are in there. Its descriptor stays
 * positioned at the start, even after appending. If the system does not let an open file lose its name, the name is
 * removed when the file is closed.
 *
 * Methods throw what the file system throws.
 */
export class UnlinkedFile {
  readonly descriptor: number;
  #size = 0;
  /** The name, if it could not be removed. */
  #name: string | undefined;

  constructor(
    directory: string = process.getBuiltinModule('node:os').tmpdir(),
    { mayKeepPayloadName }: Pick<PlatformDifferences, 'mayKeepPayloadName'> = differencesOf(thisPlatform()),
  ) {
    // An import would have every getter of the module run at the start of each process, promises and streams with it.
    const { openSync, unlinkSync } = process.getBuiltinModule('node:fs');
    const name = `codex-otel-${process.pid}-${Math.random().toString(36).slice(2)}`;
    const file = process.getBuiltinModule('node:path').join(directory, name);
    this.descriptor = openSync(file, 'wx+', 0o600);
    try {
      unlinkSync(file);
    } catch (error) {
      if (mayKeepPayloadName) {
        this.#name = file;
        return;
      }
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
    const { closeSync, unlinkSync } = process.getBuiltinModule('node:fs');
    closeSync(this.descriptor);
    const name = this.#name;
    if (name === undefined) return;
    this.#name = undefined;
    try {
      unlinkSync(name);
    } catch {
      diag.warn(`codex-otel/provider: ${name} could not be removed; it contains telemetry and headers, remove it`);
    }
  }
}
