import { diag, type TraceState } from '@opentelemetry/api';
import { type ConfiguredMembers, processState } from './process-state.ts';
import { W3cTraceState } from './trace-state.ts';
import { formatTracestate, parseTracestate, type TracestateMembers, withMemberInFront } from './tracestate-members.ts';

/**
 * The list that leaves the process with a span: its own state with the configured members merged in, which
 * come first, in byte order. Empty when there is neither.
 */
export function outgoingTracestate(state: TraceState | undefined): string {
  const own = membersOf(state);
  const { members } = processState();
  return formatTracestate(members ? merged(own, members) : own);
}

function membersOf(state: TraceState | undefined): TracestateMembers {
  if (state instanceof W3cTraceState) return state.members;
  // Another library's state, or our other copy's: it may be looser than the recommendation.
  const members = parseTracestate(state?.serialize() ?? '');
  if (members) return members;
  diag.warn('codex-otel: a span has a malformed tracestate, which is not sent');
  return new Map();
}

function merged(own: TracestateMembers, configured: ConfiguredMembers): TracestateMembers {
  let members = own;
  // Backwards: each goes to the front, so the first is in front in the end.
  for (const [key, fields] of configured.toReversed()) {
    const value = mergedMember(fields, members.get(key));
    if (!value) continue;
    const changed = withMemberInFront(members, key, value);
    if (!changed) {
      const state = processState();
      if (!state.refusalReported) diag.warn(`codex-otel: configured tracestate member ${key} does not fit, left out`);
      state.refusalReported = true;
      break;
    }
    members = changed;
  }
  return members;
}

/** Configured fields take the place of the same fields in the existing value, or stand behind all that is there. */
function mergedMember(fields: ConfiguredMembers[number][1], existing = ''): string {
  const pending = new Map(fields);
  const parts = existing.split(';').flatMap((part) => {
    const colon = part.indexOf(':');
    const field = colon < 0 ? '' : part.slice(0, colon);
    // A repeat of a configured field is dropped; whatever else is there is its owner's.
    const value = fields.find(([key]) => key === field)?.[1];
    if (value === undefined) return part || [];
    return pending.delete(field) ? `${field}:${value}` : [];
  });
  for (const [field, value] of pending) parts.push(`${field}:${value}`);
  return parts.join(';');
}
