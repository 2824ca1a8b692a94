import type { DiagLogger } from '@opentelemetry/api';
import type { OtelConfigProblem } from './otel-config-error.ts';
import { writeUnlessClosed } from './write-unless-closed.ts';

const prefix = 'codex-otel/config:';

/**
 * Where `@opentelemetry/api` 1.x keeps the logger that `diag.setLogger` was given. Importing the API costs more
 * than reading the file with everything that this needs; who has set a logger has imported it.
 */
const apiKey = Symbol.for('opentelemetry.js.api.1');

/** What the reading under way has said, and who is told beside `diag`. Set during a synchronous call, never longer. */
let reading: { readonly said: Set<string>; readonly tell: WarningListener } | undefined;

/** Told what was left out or replaced. */
export type WarningListener = (warning: OtelConfigProblem) => void;

/**
 * Reports something that was ignored or replaced, in {@link tellingWarnings} once. Silent unless the host has set
 * OpenTelemetry's `diag`, or `CODEX_OTEL_DEBUG` is 1.
 */
export function warn(warning: string | OtelConfigProblem): void {
  const text = typeof warning === 'string' ? warning : `${warning.path}: ${warning.message}`;
  if (reading?.said.has(text)) return;
  reading?.said.add(text);
  report('warn', text);
  if (typeof warning === 'object') reading?.tell(warning);
}

/** Tells a listener of what `read` warns about. One that throws does not cost the host its settings. */
export function tellingWarnings<T>(listener: WarningListener | undefined, read: () => T): T {
  if (reading !== undefined) return read();
  const tell: WarningListener = (warning) => {
    try {
      listener?.(warning);
    } catch {
      warn('onWarning has thrown');
    }
  };
  reading = { said: new Set(), tell };
  try {
    return read();
  } finally {
    reading = undefined;
  }
}

/** Reports something that is as documented and still surprises people. */
export function inform(message: string): void {
  report('info', message);
}

function report(level: 'warn' | 'info', message: string): void {
  const api: { readonly diag?: DiagLogger } | undefined = Reflect.get(globalThis, apiKey);
  try {
    // A file or an environment must not begin lines of their own in somebody's log.
    const line = `${prefix} ${message.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '\ufffd')}`;
    if (api?.diag !== undefined) api.diag[level](line);
    // The provider answers to the same switch, but is there only after the settings are read.
    else if (process.env.CODEX_OTEL_DEBUG === '1') writeUnlessClosed(process.stderr, `${level} ${line}\n`);
  } catch {
    // A logger that throws does not cost the host its settings.
  }
}
