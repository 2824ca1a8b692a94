import type { TraceState } from '@opentelemetry/api';
import { tracestateValue, withMember, withoutMember } from './tracestate-list.ts';

/** OpenTelemetry's view of a `tracestate` list. */
export interface W3cTraceState extends TraceState {
  /** The list, valid and in its normal form. Other libraries' states do not have it and may be looser. */
  readonly list?: string;
}

/** A list that is valid, in its normal form, as a state: immutable; a change that is not allowed changes nothing. */
export function traceStateOf(list: string): W3cTraceState {
  return {
    list,
    get: (key) => tracestateValue(list, key),
    set: (key, value) => traceStateOf(withMember(list, key, value) || list),
    unset: (key) => traceStateOf(withoutMember(list, key)),
    serialize: () => list,
  };
}
