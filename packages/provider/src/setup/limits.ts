import type { Platform } from '@codex-otel/config';
import { thisPlatform } from '@codex-otel/config';
import { diag } from '@opentelemetry/api';
import { missingPermissions } from './deno-permissions.ts';

/** What decides about what is lost at the end of a process. */
export interface LimitsInput {
  /** Program and arguments of the uploader; `undefined` where there is none. */
  readonly uploader: readonly string[] | undefined;
  readonly hasSpool: boolean;
  readonly platform?: Platform | undefined;
  readonly isWorkerThread?: boolean | undefined;
  /** Permissions that Deno asks for and does not have. */
  readonly missing?: readonly string[] | undefined;
}

/**
 * Reports on `diag`, at the start, what would be lost at the end of the process. What depends on how the program is made
 * and started is a warning; what others may do to it is not.
 */
export function reportLimits({
  uploader,
  hasSpool,
  platform: { os, runtime } = thisPlatform(),
  isWorkerThread = isInWorkerThread(),
  missing = missingPermissions(uploader),
}: LimitsInput): void {
  if (!hasSpool && uploader === undefined) {
    warn(
      'no uploader is beside this program, so what is queued when it ends is lost; ' +
        'set uploaderCommand (see the README of @codex-otel/provider), a spool, or handoverOnExit: false',
    );
  } else if (!hasSpool && missing.length > 0) {
    warn(
      `Deno does not allow to start the uploader, so what is queued at the end is lost; add ${missing.join(' and ')}`,
    );
  }
  if (isWorkerThread) {
    warn(
      "a worker thread does not notice terminate() or the main thread's exit, and loses what is queued; " +
        'await the shutdown() of its provider before',
    );
  }
  if (os === 'win32') {
    inform(
      'on Windows a process gets no signal when another process ends it, and loses what is queued; ' +
        'end it through its own shutdown()',
    );
  }
  if (runtime === 'deno') {
    inform(
      'listeners of Deno.addSignalListener are not seen, so the process is taken to end at the signal; ' +
        'listen by process.on, or set handoverOnExit: false',
    );
  }
}

function warn(text: string): void {
  diag.warn(`codex-otel/provider: ${text}`);
}

function inform(text: string): void {
  diag.info(`codex-otel/provider: ${text}`);
}

/** What a thread may not do is marked so, on each runtime; asking `node:worker_threads` costs every start its load. */
function isInWorkerThread(): boolean {
  return Reflect.get(process.chdir, 'disabled') === true;
}
