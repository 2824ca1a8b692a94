import type { Platform } from '@codex-otel/config';
import { thisPlatform } from '@codex-otel/config';
import { diag } from '@opentelemetry/api';
import { missingPermissions } from './deno-permissions.ts';

/** What determines what is lost at the end of a process. */
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
 * Reports on `diag`, at the start, what would be lost at the end of the process. A loss that depends on how the program
 * is built and started is a warning; one that other processes may cause is only `info`.
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
      'there is no uploader beside this program, so what is queued when it ends is lost; ' +
        'set uploaderCommand (see the README of @codex-otel/provider), a spool, or handoverOnExit: false',
    );
  } else if (!hasSpool && missing.length > 0) {
    warn(
      `Deno does not allow the uploader to start, so what is queued at the end is lost; add ${missing.join(' and ')}`,
    );
  }
  if (isWorkerThread) {
    warn(
      "a worker thread does not notice terminate() or the main thread's exit, and loses what is queued; " +
        'await the shutdown() of its provider first',
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
      'listeners of Deno.addSignalListener are not seen, so a signal is assumed to end the process; ' +
        'use process.on, or set handoverOnExit: false',
    );
  }
}

function warn(text: string): void {
  diag.warn(`codex-otel/provider: ${text}`);
}

function inform(text: string): void {
  diag.info(`codex-otel/provider: ${text}`);
}

/**
 * Each runtime marks functions that a worker thread may not call. Asking `node:worker_threads` would load it at every
 * start.
 */
function isInWorkerThread(): boolean {
  return Reflect.get(process.chdir, 'disabled') === true;
}
