import { diag } from '@opentelemetry/api';
import { limitsOf, thisPlatform } from '../platform.ts';

/**
 * Says on `diag` what would be lost at the end of the process, as soon as it is known: what the platform cannot do, and
 * that nothing can take what is queued.
 */
export function reportLimits({ canHandOver }: { readonly canHandOver: boolean }): void {
  for (const limit of limitsOf(thisPlatform())) diag.info(`codex-otel/provider: ${limit}`);
  if (canHandOver) return;
  diag.warn(
    'codex-otel/provider: no uploader is beside this program, so what is queued when it ends is lost; ' +
      'set uploaderCommand (see the README of @codex-otel/provider), a spool, or handoverOnExit: false',
  );
}
