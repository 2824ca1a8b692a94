import type { TraceState } from '@opentelemetry/api';
import { tracestateValue, withMember, withoutMember } from './tracestate-list.ts';

/**
 * OpenTelemetry's view of a valid, normalized list. Immutable; a change that the recommendation does not allow has no
 * effect.
 */
export function traceStateOf(list: string): TraceState {
  return {
    get: (key) => tracestateValue(list, key),
    set: (key, value) => traceStateOf(withMember(list, key, value) || list),
    unset: (key) => traceStateOf(withoutMember(list, key)),
    serialize: () => list,
  };
}
