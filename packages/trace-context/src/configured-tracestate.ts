import { matches } from './capped-match.ts';
import { processState } from './process-state.ts';
import { TracestateError } from './tracestate-error.ts';
import { tracestateValue, withMember } from './tracestate-list.ts';
import { warn } from './warning.ts';

const FIELD_KEY = /^[!-+--9<>-~]+$/;
const FIELD_VALUE = /^[ -+--:<>-~]*$/;

type Fields = Readonly<Record<string, string>>;

/** Configured tracestate: member key → field → value. */
export type TracestateEntries = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Replaces the configured tracestate of the whole process.
 *
 * From then on it is merged into the tracestate of every header, environment and message made from a span; the
 * spans' own state does not change. An empty object removes it.
 *
 * @throws {@link TracestateError} INVALID_TRACESTATE when any part is invalid; then nothing has changed.
 */
export function setTracestateEntries(entries: TracestateEntries): void {
  validateTracestateEntries(entries);
  const copy = { ...entries };
  let reported: true | undefined;
  processState().merge = (list) =>
    merged(list, copy, (what) => {
      if (!reported) warn(`invalid configured tracestate${what}`);
      reported = true;
    });
}

/**
 * Checks configured tracestate without setting it: each member alone and all together.
 *
 * @throws {@link TracestateError} INVALID_TRACESTATE for the first problem; the message names the
 * member or field.
 */
export function validateTracestateEntries(entries: TracestateEntries): void {
  for (const [key, fields] of Object.entries(entries ?? refuse(''))) validateTracestateMember(key, fields);
  merged('', entries);
}

/**
 * Checks one member of configured tracestate.
 *
 * @param key - the member's key, as defined by the recommendation.
 * @param fields - its fields: written as `field:value`, joined with `;`, at most 256 characters.
 * @throws {@link TracestateError} INVALID_TRACESTATE for the first problem; the message names the
 * member or field.
 */
export function validateTracestateMember(key: string, fields: Readonly<Record<string, string>>): void {
  for (const [field, value] of Object.entries(fields ?? refuse(`: ${key}`))) {
    if (!FIELD_KEY.test(field)) refuse(` field key ${key}.${field}`);
    if (!matches(FIELD_VALUE, value)) refuse(` value for ${key}.${field}`);
  }
  // A member without fields is allowed and adds nothing; its key is checked all the same.
  const value = mergedValue('', fields) || '0';
  if (!withMember('', key, value)) refuse(value.endsWith(' ') ? ` value for ${key}` : `: ${key}`);
}

function refuse(what: string): never {
  throw new TracestateError(`invalid configured tracestate${what}`);
}

/**
 * The list with the configured members in front, in byte order. The last is added first; the first without room ends
 * it.
 */
function merged(list: string, entries: TracestateEntries, refused: (what: string) => void = refuse): string {
  // Byte order, which is string order for valid keys; backwards, since each is put in front.
  for (const key of Object.keys(entries).sort().reverse()) {
    const value = mergedValue(tracestateValue(list, key), entries[key] as Fields);
    if (value) {
      const changed = withMember(list, key, value);
      if (!changed) {
        refused(`: ${key}`);
        return list;
      }
      list = changed;
    }
  }
  return list;
}

/** Configured fields replace the same fields in a member's value, or are appended. */
function mergedValue(own = '', fields: Fields): string {
  let value = `;${own}`;
  // More do not fit, and each field is searched for in all of the value.
  for (const field of Object.keys(fields).sort().slice(0, 99)) {
    const start = `;${field}:`;
    const [before, ...after] = value.split(start);
    // If the field is repeated, its other values are removed; what follows them stays.
    value = before + start + fields[field] + after.map((rest) => rest.replace(/^[^;]*/, '')).join('');
  }
  return value
    .split(';')
    .filter((part) => part)
    .join(';');
}
