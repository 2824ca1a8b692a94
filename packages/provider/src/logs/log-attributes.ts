import type { AnyValue, Attributes } from '@opentelemetry/api';
import { diag } from '@opentelemetry/api';

/** How much of a record's attributes is kept. */
export interface AttributeLimits {
  readonly countLimit: number;
  /** In UTF-16 units of a string, or bytes of a byte array. */
  readonly valueLengthLimit: number;
}

/** Attributes as they are kept, and how many did not fit. */
export interface KeptAttributes {
  readonly attributes: Attributes;
  readonly droppedCount: number;
}

/** Tags and lengths of one attribute in protobuf, or the number that is its value. */
const attributeOverheadBytes = 10;

/** What OpenTelemetry's own logger keeps when nothing else is said. */
export const defaultAttributeLimits: AttributeLimits = { countLimit: 128, valueLengthLimit: Number.POSITIVE_INFINITY };

/**
 * About how many bytes attributes take on the wire, if a plain copy of them may be kept: nothing but short
 * enough strings, numbers and booleans. Nearly every record of an agent is like this, and the check costs a
 * tenth of the general way.
 *
 * @returns -1 when they need {@link keepAttributes}.
 */
export function simpleSize(attributes: Attributes, limits: AttributeLimits): number {
  let count = 0;
  let bytes = 0;
  for (const key in attributes) {
    const value = attributes[key];
    if (typeof value === 'string') {
      if (value.length > limits.valueLengthLimit) return -1;
      bytes += value.length;
    } else if (typeof value !== 'number' && typeof value !== 'boolean') {
      return -1;
    }
    if (key === '') return -1;
    bytes += key.length + attributeOverheadBytes;
    count += 1;
  }
  return count <= limits.countLimit ? bytes : -1;
}

/** Keeps what the OpenTelemetry SDK keeps of attributes: valid values, cut to length, up to the count limit. */
export function keepAttributes(attributes: Attributes, limits: AttributeLimits): KeptAttributes {
  const kept: [string, AnyValue][] = [];
  let droppedCount = 0;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    if (key === '') {
      diag.warn('an attribute of a log record has an empty key, it is left out');
    } else if (kept.length >= limits.countLimit) {
      droppedCount += 1;
    } else if (!isAnyValue(value, [])) {
      diag.warn(`attribute ${key} of a log record has a value of no known type, it is left out`);
    } else {
      kept.push([key, cut(value, limits.valueLengthLimit)]);
    }
  }
  return { attributes: Object.fromEntries(kept), droppedCount };
}

/** Whether a value is one that OTLP can carry; a structure that contains itself is not. */
function isAnyValue(value: unknown, parents: readonly object[]): boolean {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return true;
  if (value === null || value instanceof Uint8Array) return true;
  if (typeof value !== 'object' || parents.includes(value)) return false;
  const path = [...parents, value];
  const isPart = (part: unknown): boolean => part === undefined || isAnyValue(part, path);
  if (Array.isArray(value)) return value.every(isPart);
  if (value.constructor !== Object && value.constructor !== undefined) return false;
  return Object.values(value).every(isPart);
}

/** A copy of a value, its strings and byte arrays no longer than the limit. */
function cut(value: AnyValue, limit: number): AnyValue {
  if (typeof value === 'string') return value.length > limit ? value.substring(0, limit) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return value.length > limit ? value.slice(0, limit) : value;
  if (Array.isArray(value)) return value.map((part) => cut(part, limit));
  const parts = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(parts.map(([key, part]) => [key, cut(part, limit)]));
}
