import { oneLine } from '@codex-otel/config';
import type { AnyValue, Attributes } from '@opentelemetry/api';
import { diag } from '@opentelemetry/api';

/** The attributes that are kept, and how many are not. */
export interface KeptAttributes {
  readonly attributes: Attributes;
  /** Attributes beyond the count limit. */
  readonly droppedCount: number;
  /** Attributes without a key, or with a value that has no known type or cannot be read. */
  readonly invalidCount: number;
}

/** Bytes of one attribute in protobuf besides its strings. */
const attributeOverheadBytes = 10;

/** How many attributes of a record, span, event or link are kept: the default of OpenTelemetry's SDK. */
export const ATTRIBUTE_COUNT_LIMIT = 128;

/**
 * About how many bytes attributes take on the wire, if a plain copy of them may be kept: only strings, numbers and
 * booleans. Nearly everything an agent records is like this, and the check costs a tenth of {@link keepAttributes}.
 *
 * @returns -1 when they need {@link keepAttributes}.
 */
export function simpleSize(attributes: Attributes, countLimit: number = ATTRIBUTE_COUNT_LIMIT): number {
  let count = 0;
  let bytes = 0;
  for (const key in attributes) {
    const value = attributes[key];
    if (typeof value === 'string') {
      bytes += value.length;
    } else if (typeof value !== 'number' && typeof value !== 'boolean') {
      return -1;
    }
    if (key === '') return -1;
    bytes += key.length + attributeOverheadBytes;
    count += 1;
  }
  return count <= countLimit ? bytes : -1;
}

/**
 * Keeps what OpenTelemetry's SDK keeps of attributes: valid values, up to the count limit.
 *
 * @param isValid - {@link isAnyValue}, or {@link isSimpleValue} where OpenTelemetry allows no nested values.
 */
export function keepAttributes(
  attributes: Attributes,
  isValid: (value: unknown) => boolean = isAnyValue,
  countLimit: number = ATTRIBUTE_COUNT_LIMIT,
): KeptAttributes {
  const kept: [string, AnyValue][] = [];
  let droppedCount = 0;
  let invalidCount = 0;
  for (const key of Object.keys(attributes)) {
    try {
      const value = attributes[key];
      if (value === undefined) continue;
      if (kept.length >= countLimit && key !== '') {
        droppedCount += 1;
      } else if (!isAttribute(key, value, isValid)) {
        invalidCount += 1;
      } else {
        kept.push([key, copiedValue(value)]);
      }
    } catch {
      // A getter that throws, or a structure that is too deep: only this value is lost.
      invalidCount += 1;
      diag.warn(`codex-otel/provider: attribute ${oneLine(key)} cannot be read and is left out`);
    }
  }
  return { attributes: Object.fromEntries(kept), droppedCount, invalidCount };
}

/**
 * Attributes from a host's SDK, which applies its own limits, without values that cannot be encoded. Bytes are copied.
 */
export function plainAttributes(attributes: Attributes): Attributes {
  if (simpleSize(attributes, Number.POSITIVE_INFINITY) >= 0) return attributes;
  return keepAttributes(attributes, isAnyValue, Number.POSITIVE_INFINITY).attributes;
}

/** Whether key and value are a valid attribute; if not, this is reported on `diag`. */
export function isAttribute(key: string, value: unknown, isValid: (value: unknown) => boolean = isAnyValue): boolean {
  if (typeof key === 'string' && key !== '' && isValid(value)) return true;
  diag.warn(
    typeof key !== 'string' || key === ''
      ? 'codex-otel/provider: an attribute without a key is left out'
      : `codex-otel/provider: attribute ${oneLine(key)} has a value of no known type and is left out`,
  );
  return false;
}

/** Whether OTLP can carry a value; it cannot if the value contains itself. */
export function isAnyValue(value: unknown): boolean {
  return isAnyValueIn(value, []);
}

/** Whether a value is a string, number or boolean, or a list of one of them. */
export function isSimpleValue(value: unknown): boolean {
  if (!Array.isArray(value)) return isScalar(value);
  const [first, ...others] = value.filter((part) => part !== undefined && part !== null);
  return first === undefined || (isScalar(first) && others.every((part) => typeof part === typeof first));
}

/** A copy of a value, without what is `undefined` in it. Bytes are copied: they may be a view on shared memory. */
export function copiedValue(value: AnyValue): AnyValue {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(copiedValue);
  const parts = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(parts.map(([key, part]) => [key, copiedValue(part)]));
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isAnyValueIn(value: unknown, parents: readonly object[]): boolean {
  if (isScalar(value) || value === null || value instanceof Uint8Array) return true;
  if (typeof value !== 'object' || parents.includes(value)) return false;
  const path = [...parents, value];
  const isPart = (part: unknown): boolean => part === undefined || isAnyValueIn(part, path);
  if (Array.isArray(value)) return value.every(isPart);
  if (value.constructor !== Object && value.constructor !== undefined) return false;
  return Object.values(value).every(isPart);
}
