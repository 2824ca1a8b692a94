import type { Platform } from '@codex-otel/config';
import { thisPlatform } from '@codex-otel/config';
import { diag } from '@opentelemetry/api';

/** What decides about what is lost at the end of a process. */
export interface LimitsInput {
  /** Whether there is an uploader or a spool. */
  readonly canHandOver: boolean;
  readonly os: Platform['os'];
  readonly isWorkerThread: boolean;
}

/**
 * Says on `diag` what would be lost at the end of the process, as soon as it is known. What depends on how the program
 * is made is a warning; what another process may do to it is not.
 */
export function reportLimits({
  canHandOver,
  os = thisPlatform().os,
  isWorkerThread = isInWorkerThread(),
}: Pick<LimitsInput, 'canHandOver'> & Partial<LimitsInput>): void {
  if (!canHandOver) {
    diag.warn(
      'codex-otel/provider: no uploader is beside this program, so what is queued when it ends is lost; ' +
        'set uploaderCommand (see the README of @codex-otel/provider), a spool, or handoverOnExit: false',
    );
  }
  if (isWorkerThread) {
    diag.warn(
      "codex-otel/provider: a worker thread is not told of terminate() and of the main thread's exit, and what it has " +
        'queued then is lost; await the shutdown() of its provider before',
    );
  }
  if (os === 'win32') {
    diag.info(
      'codex-otel/provider: on Windows a process is not told when another one ends it, and what it has queued then is ' +
        'lost; end it through its own shutdown()',
    );
  }
}

/** What a thread may not do is marked so, on each runtime; asking `node:worker_threads` costs every start its load. */
function isInWorkerThread(): boolean {
  return Reflect.get(process.chdir, 'disabled') === true;
}
