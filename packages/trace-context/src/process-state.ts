import type { W3cTraceContext } from './w3c-trace-context.ts';

/** Process-wide state: on the global object, so that the ESM and the CommonJS copy of the package share it. */
const KEY: unique symbol = Symbol.for('codex-otel.trace.v1');

/** The content of {@link processState}. */
export interface ProcessState {
  /**
   * Merges configured tracestate into a valid list. A function, installed on configuration, so that bundles that
   * configure nothing do not contain its code.
   */
  merge?: (list: string) => string;
  /** The trace context of the process's environment, after it was read. */
  environment?: W3cTraceContext;
}

export const processState = (): ProcessState => ((globalThis as { [KEY]?: ProcessState })[KEY] ??= {});
