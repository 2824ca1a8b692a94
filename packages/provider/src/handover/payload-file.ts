import { errorReason } from '@codex-otel/config';
import { diag } from '@opentelemetry/api';
import { UnlinkedFile } from './unlinked-file.ts';
import { startUploader } from './uploader-process.ts';

const sharedKey = Symbol.for('@codex-otel/provider.exit-payloads.v1');

/** Shared by providers that end together: a payload for each uploader command, and the deadline. */
interface ExitPayloads {
  /** When the exit should go on, on the clock of `monotonicMillis`. */
  readonly deadline: number;
  readonly files: Map<string, PayloadFile>;
}

/** The payload of an uploader. If the uploader cannot be started, its items count as lost. */
export class PayloadFile {
  readonly #command: readonly string[];
  readonly #undo: (() => void)[] = [];
  #file: UnlinkedFile | undefined;

  constructor(command: readonly string[]) {
    this.#command = command;
  }

  /**
   * @param undo - counts the items in the bytes as lost
   * @throws Error if there is no room on the disk.
   */
  append(bytes: Uint8Array, undo?: () => void): void {
    this.#file ??= new UnlinkedFile();
    this.#file.append(bytes);
    if (undo !== undefined) this.#undo.push(undo);
  }

  /** Starts the uploader, unless the payload is empty. Does not throw. */
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

/**
 * The payload of a provider: its own, or inside {@link sharePayloads} one that all providers with its command share.
 */
export function payloadFor(command: readonly string[]): { readonly file: PayloadFile; readonly isShared: boolean } {
  const shared = exitPayloads();
  if (shared === undefined) return { file: new PayloadFile(command), isShared: false };
  const key = JSON.stringify(command);
  const file = shared.files.get(key) ?? new PayloadFile(command);
  shared.files.set(key, file);
  return { file, isShared: true };
}

/** When an exit under way should go on. */
export function exitDeadline(): number | undefined {
  return exitPayloads()?.deadline;
}

/** Lets all providers that hand over inside `fn` share their payloads, so that one uploader takes them. */
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
