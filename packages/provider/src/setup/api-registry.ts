/** Where OpenTelemetry's API keeps its state, under one key for all 1.x versions. */
const apiKey = Symbol.for('opentelemetry.js.api.1');

/** What is registered with the API. The API itself would return its no-op if nothing is. */
export function registeredInApi(what: 'context' | 'diag'): unknown {
  const registry: { readonly [apiKey]?: Readonly<Record<string, unknown>> } & typeof globalThis = globalThis;
  return registry[apiKey]?.[what];
}
