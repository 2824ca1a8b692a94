import { warn } from './diagnostics.ts';
import { type Env, envText } from './env.ts';
import type { OtelExporter } from './otel-exporter.ts';
import { secretRecord } from './redaction.ts';

const STATSIG_ENDPOINT = 'https://ab.chatgpt.com/otlp/v1/metrics';
const STATSIG_HEADER = 'statsig-api-key';
/** Not `STATSIG_API_KEY`: a key for somebody's own Statsig project must not reach the built-in endpoint. */
const STATSIG_KEY_VARIABLE = 'CODEX_OTEL_STATSIG_API_KEY';

/** Marks an exporter that the environment's OTLP variables do not concern. */
const shorthandKey = Symbol.for('@codex-otel/config.shorthand');
const warnedKey = Symbol.for('@codex-otel/config.statsig-warned');

/**
 * What an exporter stands for: `statsig` is OTLP over HTTP as JSON with a key from the settings or from
 * `CODEX_OTEL_STATSIG_API_KEY`, and `none` without one, which is reported once in a process. Every other exporter
 * stands for itself.
 */
export function resolveExporter(exporter: OtelExporter, env: Env = process.env): OtelExporter {
  if (exporter.kind !== 'statsig') return exporter;
  const apiKey = exporter.apiKey ?? envText(env, STATSIG_KEY_VARIABLE);
  if (apiKey === undefined) {
    warnOnce(
      `the exporter 'statsig' needs a key, in its 'api_key' or in ${STATSIG_KEY_VARIABLE}; nothing is sent to it`,
    );
    return { kind: 'none' };
  }
  const resolved: OtelExporter = {
    kind: 'otlp-http',
    endpoint: exporter.endpoint ?? STATSIG_ENDPOINT,
    headers: secretRecord({ [STATSIG_HEADER]: apiKey }),
    protocol: 'json',
  };
  return Object.defineProperty(resolved, shorthandKey, { value: true });
}

/** Whether an exporter comes from a shorthand: headers and files of the environment are not for its endpoint. */
export function isShorthand(exporter: OtelExporter): boolean {
  return Reflect.get(exporter, shorthandKey) === true;
}

function warnOnce(message: string): void {
  if (Reflect.get(globalThis, warnedKey) === true) return;
  Object.defineProperty(globalThis, warnedKey, { value: true, configurable: true });
  warn(message);
}
