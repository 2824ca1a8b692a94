import type { W3cTraceContext } from './w3c-trace-context.ts';

const KEY: unique symbol = Symbol.for('codex-otel.trace-context.v1');

/** Configured tracestate as it is kept: valid, members and fields in byte order. */
export type ConfiguredMembers = readonly (readonly [
  key: string,
  fields: readonly (readonly [field: string, value: string])[],
])[];

/** What all copies of this package in one process share. */
export interface ProcessState {
  /** Configured tracestate. */
  members?: ConfiguredMembers;
  /** Whether it could not be merged once: that is reported, but not for every header. */
  refusalReported?: boolean;
  /** The trace context of the process's own environment, once it was asked for. */
  environment?: W3cTraceContext;
}

/** The state of this process, the same for the ESM and the CommonJS copy of the package. */
export function processState(): ProcessState {
  const holder = globalThis as { [KEY]?: ProcessState };
  holder[KEY] ??= {};
  return holder[KEY];
}
