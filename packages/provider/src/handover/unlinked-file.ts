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

  /** @param directories - The first one that can be written is used. @defaultValue those for temporary files */
  constructor(
    directories: readonly string[] = temporaryDirectories(),
    { mayKeepPayloadName }: Pick<PlatformDifferences, 'mayKeepPayloadName'> = differencesOf(thisPlatform()),
  ) {
    // An import would run every getter of the module at each start, and with them load promises and streams.
    const { unlinkSync } = process.getBuiltinModule('node:fs');
    const { descriptor, file } = openIn(directories);
    this.descriptor = descriptor;
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

/**
 * The system's, and two that nearly all systems have: a container may have no writable disk, and an environment may name
 * a directory that is gone. Only where modes keep others from reading what is in a shared directory.
 */
function temporaryDirectories(): readonly string[] {
  const own = process.getBuiltinModule('node:os').tmpdir();
  return differencesOf(thisPlatform()).hasFileModes ? [own, '/tmp', '/dev/shm'] : [own];
}

/** Throws the error of the first directory if none can be written. */
function openIn(directories: readonly string[]): { readonly descriptor: number; readonly file: string } {
  const { openSync } = process.getBuiltinModule('node:fs');
  const { join } = process.getBuiltinModule('node:path');
  const name = `codex-otel-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const failures: unknown[] = [];
  for (const directory of directories) {
    const file = join(directory, name);
    try {
      return { descriptor: openSync(file, 'wx+', 0o600), file };
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0];
}
