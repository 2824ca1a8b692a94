import type { PlatformDifferences } from '@codex-otel/config';
import { differencesOf, thisPlatform } from '@codex-otel/config';
import { diag } from '@opentelemetry/api';

/**
 * A file whose name is removed before the first byte is written, since it will contain headers and keys. Its descriptor
 * stays positioned at the start, even after appending. If the system refuses to remove the name of an open file, the
 * name is removed when the file is closed.
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
    // An import would run every getter of the module at each start, and with them load promises and streams.
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
