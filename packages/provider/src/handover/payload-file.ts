import { errorReason } from '@codex-otel/config';
import { diag } from '@opentelemetry/api';
import { UnlinkedFile } from './unlinked-file.ts';
import { startUploader } from './uploader-process.ts';

const sharedKey = Symbol.for('@codex-otel/provider.exit-payloads.v1');

/** What providers that end together have in common: one payload for each uploader command, and the time. */
interface ExitPayloads {
  /** When the exit shall go on, on the clock of `monotonicMillis`. */
  readonly deadline: number;
  readonly files: Map<string, PayloadFile>;
}

/** What an uploader gets to read. What is in it counts as lost if the uploader cannot be started. */
export class PayloadFile {
  readonly #command: readonly string[];
  readonly #undo: (() => void)[] = [];
  #file: UnlinkedFile | undefined;

  constructor(command: readonly string[]) {
    this.#command = command;
  }

  /**
   * @param undo - counts as lost what is in the bytes
   * @throws Error when there is no room for it on the disk.
   */
  append(bytes: Uint8Array, undo?: () => void): void {
    this.#file ??= new UnlinkedFile();
    this.#file.append(bytes);
    if (undo !== undefined) this.#undo.push(undo);
  }

  /** Starts the uploader, unless nothing is in the payload. Does not throw. */
  start(options: { readonly isExit: boolean }): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    try {
      if (this.#undo.length > 0) startUploader(file.descriptor, this.#command, options);
    } catch (error) {
      for (const undo of this.#undo) undo();
      diag.error(`codex-otel/provider: what was queued at exit could not be handed over: ${errorReason(error)}`);
    } finally {
      file.close();
    }
  }
}

/** The payload that a provider adds to: its own, or inside of {@link sharePayloads} one that all with its command share. */
export function payloadFor(command: readonly string[]): { readonly file: PayloadFile; readonly isShared: boolean } {
  const shared = exitPayloads();
  if (shared === undefined) return { file: new PayloadFile(command), isShared: false };
  const key = JSON.stringify(command);
  const file = shared.files.get(key) ?? new PayloadFile(command);
  shared.files.set(key, file);
  return { file, isShared: true };
}

/** When an exit under way shall go on. */
export function exitDeadline(): number | undefined {
  return exitPayloads()?.deadline;
}

/** Has all providers that hand over inside of `fn` share their payloads, so that one uploader takes them. */
export function sharePayloads(deadline: number, fn: () => void): void {
  const place = globalThis as { [sharedKey]?: ExitPayloads | undefined };
  if (place[sharedKey] !== undefined) {
    fn();
    return;
  }
  const files = new Map<string, PayloadFile>();
  place[sharedKey] = { deadline, files };
  try {
    fn();
  } finally {
    place[sharedKey] = undefined;
    for (const file of files.values()) file.start({ isExit: true });
  }
}

function exitPayloads(): ExitPayloads | undefined {
  return (globalThis as { [sharedKey]?: ExitPayloads | undefined })[sharedKey];
}
