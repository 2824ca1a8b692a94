import type { DiagLogger } from '@opentelemetry/api';

const prefix = '@codex-otel/config:';

/**
 * Where `@opentelemetry/api` 1.x keeps the logger that `diag.setLogger` was given. Importing the API costs more
 * than reading the file with everything that this needs; who has set a logger has imported it.
 */
const apiKey = Symbol.for('opentelemetry.js.api.1');

/** Reports something that was ignored or replaced. Silent unless the host has set OpenTelemetry's `diag`. */
export function warn(message: string): void {
  report('warn', message);
}

/** Reports something that is as documented and still surprises people. */
export function inform(message: string): void {
  report('info', message);
}

function report(level: 'warn' | 'info', message: string): void {
  const api: { readonly diag?: DiagLogger } | undefined = Reflect.get(globalThis, apiKey);
  try {
    api?.diag?.[level](`${prefix} ${message}`);
  } catch {
    // A logger that throws does not cost the host its settings.
  }
}
