import { diag } from '@opentelemetry/api';
import { limitsOf, thisPlatform } from '../platform.ts';
import { hasDiagLogger } from './diagnostics.ts';

const toldKey = Symbol.for('@codex-otel/provider.told-limits.v1');

/** Says what the platform cannot do at the end of the process; once in it. */
export function reportLimits(): void {
  for (const limit of limitsOf(thisPlatform())) {
    if (isFirstTime(limit)) diag.info(`codex-otel: ${limit}`);
  }
}

/**
 * Says that nothing can take what is queued at the end: on `diag` where somebody listens there, else as a warning of
 * the process, since the author of a bundle sees neither before telemetry is missed. Once in a process.
 * Settles when it is said, also for a program that exits right after.
 */
export async function reportNoUploader(): Promise<void> {
  const message =
    'no uploader is beside this program, so what is queued when it ends is lost; ' +
    'set uploaderCommand (see the README of @codex-otel/provider), a spool, or handoverOnExit: false';
  if (!isFirstTime(message)) return;
  if (hasDiagLogger()) {
    diag.warn(`codex-otel: ${message}`);
    return;
  }
  // The sources are run by who works on them, with no build beside. A bundle in CommonJS has no URL.
  const own: string | undefined = import.meta.url;
  if (own?.endsWith('.ts')) return;
  process.emitWarning(message, { type: 'CodexOtelWarning', code: 'CODEX_OTEL_NO_UPLOADER' });
  // Warnings are printed a tick later.
  await new Promise<void>((resolve) => process.nextTick(resolve));
}

function isFirstTime(what: string): boolean {
  const shared = globalThis as { [toldKey]?: Set<string> };
  shared[toldKey] ??= new Set();
  if (shared[toldKey].has(what)) return false;
  shared[toldKey].add(what);
  return true;
}
