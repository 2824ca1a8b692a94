import type { W3cTraceContext } from './w3c-trace-context.ts';

/** What is process-wide: on the global object, so that the ESM and the CommonJS copy of the package share it. */
const KEY: unique symbol = Symbol.for('codex-otel.trace.v1');

/** What {@link processState} holds. */
export interface ProcessState {
  /**
   * Merges configured tracestate into a valid list. A function, installed by whoever configures: a bundle in
   * which nobody does is without its code.
   */
  merge?: (list: string) => string;
  /** The trace context in the process's own environment, once it was read. */
  environment?: W3cTraceContext;
}

export const processState = (): ProcessState => ((globalThis as { [KEY]?: ProcessState })[KEY] ??= {});
