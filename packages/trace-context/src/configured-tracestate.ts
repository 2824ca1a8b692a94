import { processState } from './process-state.ts';
import { TracestateError } from './tracestate-error.ts';
import { isTracestateMember, MAX_MEMBERS } from './tracestate-members.ts';

const FIELD_KEY = /^[!-+\--9<>-~]+$/;
const FIELD_VALUE = /^[ -+\--:<>-~]*$/;

/** Configured tracestate: member key → field → value. */
export type TracestateEntries = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Replaces the configured tracestate of the whole process.
 *
 * What is configured is merged into the tracestate of every header, environment and message that is produced
 * from then on; the spans' own state does not change. An empty object takes it away again.
 *
 * @throws {@link TracestateError} INVALID_TRACESTATE when anything in it is not valid; then nothing has changed.
 */
export function setTracestateEntries(entries: TracestateEntries): void {
  validateTracestateEntries(entries);
  const state = processState();
  state.members = sorted(entries).map(([key, fields]) => [key, sorted(fields)]);
  state.refusalReported = false;
}

/**
 * Checks configured tracestate, each member alone and all together, and changes nothing.
 *
 * @throws {@link TracestateError} INVALID_TRACESTATE, its message with every problem that was found.
 */
export function validateTracestateEntries(entries: TracestateEntries): void {
  const members = sorted(entries);
  const problems = members.flatMap(([key, fields]) => memberProblems(key, fields));
  if (members.length > MAX_MEMBERS) problems.push(`invalid configured tracestate: more than ${MAX_MEMBERS} members`);
  throwIfAny(problems);
}

/**
 * Checks one member of configured tracestate.
 *
 * @param key - the member's key, as the recommendation has it.
 * @param fields - its fields: written as `field:value`, joined with `;`, at most 256 characters.
 * @throws {@link TracestateError} INVALID_TRACESTATE, its message with every problem that was found.
 */
export function validateTracestateMember(key: string, fields: Readonly<Record<string, string>>): void {
  throwIfAny(memberProblems(key, fields));
}

function memberProblems(key: string, fields: Readonly<Record<string, string>>): string[] {
  const problems: string[] = [];
  const encoded = sorted(fields)
    .map(([field, value]) => {
      if (!FIELD_KEY.test(field)) problems.push(`invalid configured tracestate field key ${key}.${field}`);
      if (typeof value !== 'string' || !FIELD_VALUE.test(value))
        problems.push(`invalid configured tracestate value for ${key}.${field}`);
      return `${field}:${value}`;
    })
    .join(';');
  if (encoded.endsWith(' ')) problems.push(`invalid configured tracestate value for ${key}`);
  // A member without fields is allowed and adds nothing; its key is checked all the same.
  if (!problems.length && !isTracestateMember(key, encoded || '0'))
    problems.push(`invalid configured tracestate: member ${key}: illegal key, or more than 256 characters`);
  return problems;
}

function throwIfAny(problems: readonly string[]): void {
  if (problems.length) throw new TracestateError(problems.join('; '));
}

/** In byte order: all that passes is ASCII, where it is the order of strings. */
function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
