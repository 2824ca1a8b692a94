import type { TraceState } from '@opentelemetry/api';
import { tracestateValue, withMember, withoutMember } from './tracestate-list.ts';

/**
 * OpenTelemetry's view of a `tracestate` list. Immutable; a change that the recommendation does not allow
 * changes nothing.
 *
 * @param list - valid, in its normal form.
 */
export function traceStateOf(list: string): TraceState {
  return {
    get: (key) => tracestateValue(list, key),
    set: (key, value) => traceStateOf(withMember(list, key, value) || list),
    unset: (key) => traceStateOf(withoutMember(list, key)),
    serialize: () => list,
  };
}
