import type { TraceState } from '@opentelemetry/api';
import { formatTracestate, type TracestateMembers, withMemberInFront } from './tracestate-members.ts';

/**
 * OpenTelemetry's view of a `tracestate` list. Immutable; a change that the recommendation does not allow
 * changes nothing.
 */
export class W3cTraceState implements TraceState {
  readonly members: TracestateMembers;

  constructor(members: TracestateMembers) {
    this.members = members;
  }

  get(key: string): string | undefined {
    return this.members.get(key);
  }

  set(key: string, value: string): TraceState {
    const members = withMemberInFront(this.members, key, value);
    return members ? new W3cTraceState(members) : this;
  }

  unset(key: string): TraceState {
    const members = new Map(this.members);
    return members.delete(key) ? new W3cTraceState(members) : this;
  }

  serialize(): string {
    return formatTracestate(this.members);
  }
}
