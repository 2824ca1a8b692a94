// The grammar of trace-context, which is on the same layer as this package; a test in provider keeps the two equal.

/** A field's name: printable ASCII without spaces and without the separators of fields and members. */
export const TRACESTATE_FIELD_KEY: RegExp = /^[!-+\--9<>-~]+$/;
/** A field's value: printable ASCII without the separators of fields and members, not ending in a space. */
export const TRACESTATE_FIELD_VALUE: RegExp = /^(?:[ -+\--:<>-~]*[!-+\--:<>-~])?$/;
/** A member's key, as defined by W3C Trace Context, level 2. */
export const TRACESTATE_MEMBER_KEY: RegExp = /^[\da-z][\d_a-z\-*/@]{0,255}$/;
/** A whole member's value: its fields as `name:value`, joined by semicolons. */
const TRACESTATE_MEMBER_VALUE: RegExp = /^[ -+\--<>-~]{0,255}[!-+\--<>-~]$/;
const TRACESTATE_MAX_MEMBERS = 32;

type Fields = Readonly<Record<string, string>>;

/** A member's value as it is sent, its fields in byte order. */
function encodedMember(fields: Fields): string {
  return Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, value]) => `${field}:${value}`)
    .join(';');
}

/** Whether a member with these fields is valid in a tracestate; without fields there is nothing to send. */
export function isMember(key: string, fields: Fields): boolean {
  return TRACESTATE_MEMBER_KEY.test(key) && TRACESTATE_MEMBER_VALUE.test(encodedMember(fields));
}

/** Whether members that are valid separately are also valid together. */
export function isTracestate(members: Readonly<Record<string, Fields>>): boolean {
  const entries = Object.entries(members);
  return entries.length <= TRACESTATE_MAX_MEMBERS && entries.every(([key, fields]) => isMember(key, fields));
}
