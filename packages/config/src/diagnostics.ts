import type { DiagLogger } from '@opentelemetry/api';
import { withoutControls } from './one-line.ts';
import type { OtelConfigProblem } from './otel-config-error.ts';
import { writeUnlessClosed } from './write-unless-closed.ts';

const prefix = 'codex-otel/config:';

/**
 * Where `@opentelemetry/api` 1.x keeps the logger passed to `diag.setLogger`. Importing the API costs more than
 * reading the file; a host that set a logger has imported it already.
 */
const apiKey = Symbol.for('opentelemetry.js.api.1');

/**
 * The warnings of the current read, and the listener that gets them besides `diag`. Set only during a synchronous call.
 */
let reading: { readonly said: Set<string>; readonly tell: WarningListener } | undefined;

/** Called with what was left out or replaced. */
export type WarningListener = (warning: OtelConfigProblem) => void;

/**
 * Reports something that was ignored or replaced; inside {@link tellingWarnings}, the same warning only once. Silent
 * unless the host has set OpenTelemetry's `diag`, or `CODEX_OTEL_DEBUG` is 1.
 */
export function warn(warning: string | OtelConfigProblem): void {
  const text = typeof warning === 'string' ? warning : `${warning.path}: ${warning.message}`;
  if (reading?.said.has(text)) return;
  reading?.said.add(text);
  report('warn', text);
  if (typeof warning === 'object') reading?.tell(warning);
}

/** Passes the warnings of `read` to a listener. A listener that throws does not affect the settings. */
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

/** Reports something that is documented but often surprises people. */
export function inform(message: string): void {
  report('info', message);
}

function report(level: 'warn' | 'info', message: string): void {
  const api: { readonly diag?: DiagLogger } | undefined = Reflect.get(globalThis, apiKey);
  try {
    // Text from a file or the environment must not start a new line in a log.
    const line = `${prefix} ${withoutControls(message)}`;
    if (api?.diag !== undefined) api.diag[level](line);
    // The provider has the same switch, but exists only after the settings are read.
    else if (process.env.CODEX_OTEL_DEBUG === '1') writeUnlessClosed(process.stderr, `${level} ${line}\n`);
  } catch {
    // A logger that throws does not affect the settings.
  }
}
