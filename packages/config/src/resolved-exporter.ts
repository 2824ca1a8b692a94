import { warn } from './diagnostics.ts';
import type { Env } from './env.ts';
import { envText } from './env.ts';
import type { OtelExporter, OtlpHeaders } from './otel-exporter.ts';
import { hidingUrlSecrets, secretRecord } from './redaction.ts';

const STATSIG_ENDPOINT = 'https://ab.chatgpt.com/otlp/v1/metrics';
const STATSIG_HEADER = 'statsig-api-key';
/** Not `STATSIG_API_KEY`: a key for the user's own Statsig project must not reach the built-in endpoint. */
const STATSIG_KEY_VARIABLE = 'CODEX_OTEL_STATSIG_API_KEY';

/** Marks the headers of an exporter that ignores the environment's OTLP variables; copies of it keep the mark. */
const shorthandKey = Symbol.for('@codex-otel/config/v1/shorthand');
const warnedKey = Symbol.for('@codex-otel/config/v1/statsig-warned');

/**
 * Resolves a shorthand: `statsig` is OTLP over HTTP as JSON with a key from the settings or from
 * `CODEX_OTEL_STATSIG_API_KEY`, and `none` without a key, which is reported once per process. Every other exporter
 * is returned unchanged.
 */
export function resolveExporter(exporter: OtelExporter, env: Env = process.env): OtelExporter {
  if (exporter.kind !== 'statsig') return exporter;
  const ownKey = exporter.apiKey === '' ? undefined : exporter.apiKey;
  const apiKey = ownKey ?? envText(env, STATSIG_KEY_VARIABLE);
  if (apiKey === undefined) {
    warnOnce(
      `the exporter 'statsig' needs a key, in its 'api_key' or in ${STATSIG_KEY_VARIABLE}; nothing is sent to it`,
    );
    return { kind: 'none' };
  }
  const resolved = {
    kind: 'otlp-http',
    endpoint: exporter.endpoint ?? STATSIG_ENDPOINT,
    headers: secretRecord({ [STATSIG_HEADER]: apiKey }, shorthandKey),
    protocol: 'json',
  } as const;
  return hidingUrlSecrets(resolved, 'endpoint');
}

/** Whether an exporter comes from a shorthand: headers and files of the environment are not used for it. */
export function isShorthand({ headers }: { readonly headers?: OtlpHeaders | undefined }): boolean {
  return typeof headers === 'object' && Reflect.get(headers, shorthandKey) === true;
}

function warnOnce(message: string): void {
  if (Reflect.get(globalThis, warnedKey) === true) return;
  Object.defineProperty(globalThis, warnedKey, { value: true, configurable: true });
  warn(message);
}
