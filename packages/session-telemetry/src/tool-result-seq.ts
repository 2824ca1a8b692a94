const key = Symbol.for('codex-otel.session-telemetry.tool-result-seq.v1');

/**
 * The next number of a tool result, from 1, in the order of recording. All sessions of the process share the counter, even
 * if both module formats of this package are loaded.
 */
export function nextToolResultSeq(): number {
  const current: unknown = Reflect.get(globalThis, key);
  const next = typeof current === 'number' ? current + 1 : 1;
  Reflect.set(globalThis, key, next);
  return next;
}
