import type { TraceState } from '@opentelemetry/api';
import { tracestateValue, withMember, withoutMember } from './tracestate-list.ts';

/**
 * OpenTelemetry's view of a list, which is valid and in its normal form. Immutable; a change that the
 * recommendation does not allow changes nothing.
 */
export function traceStateOf(list: string): TraceState {
  return {
    get: (key) => tracestateValue(list, key),
    set: (key, value) => traceStateOf(withMember(list, key, value) || list),
    unset: (key) => traceStateOf(withoutMember(list, key)),
    serialize: () => list,
  };
}
