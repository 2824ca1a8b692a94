/** A value with the type it had on the wire, for tests that check types. */
export type OtlpValue =
  | { readonly kind: 'empty' }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'array'; readonly values: readonly OtlpValue[] }
  | { readonly kind: 'map'; readonly entries: readonly OtlpAttribute[] };

/** One attribute, in its place in the list. */
export interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

/** The same value as plain JavaScript: an int is a number where that is exact, else a bigint. */
export type PlainValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | undefined
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };

/** Attributes by key; of a key sent twice, the last. */
export type PlainAttributes = Readonly<Record<string, PlainValue>>;

/** Attributes of anything that has some: by key, and as they were sent. */
export interface Attributed {
  readonly attributes: PlainAttributes;
  /** In the order of the wire, with their OTLP types. */
  readonly typedAttributes: readonly OtlpAttribute[];
  readonly droppedAttributesCount: number;
}

/** `AnyValue` as the protobuf library gives it, with 64-bit integers as decimal strings. */
export interface RawAnyValue {
  readonly value?: string;
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string;
  readonly doubleValue?: number;
  readonly bytesValue?: Uint8Array;
  readonly arrayValue?: { readonly values: readonly RawAnyValue[] };
  readonly kvlistValue?: { readonly values: readonly RawKeyValue[] };
}

/** `KeyValue` as the protobuf library gives it. */
export interface RawKeyValue {
  readonly key: string;
  readonly value?: RawAnyValue | null;
}

/** What every message with attributes has. */
export interface RawAttributed {
  readonly attributes: readonly RawKeyValue[];
  readonly droppedAttributesCount: number;
}

export function otlpValue(raw: RawAnyValue | null | undefined): OtlpValue {
  if (raw?.stringValue !== undefined) return { kind: 'string', value: raw.stringValue };
  if (raw?.boolValue !== undefined) return { kind: 'bool', value: raw.boolValue };
  if (raw?.intValue !== undefined) return { kind: 'int', value: BigInt(raw.intValue) };
  if (raw?.doubleValue !== undefined) return { kind: 'double', value: raw.doubleValue };
  if (raw?.bytesValue !== undefined) return { kind: 'bytes', value: raw.bytesValue };
  if (raw?.arrayValue !== undefined) return { kind: 'array', values: raw.arrayValue.values.map(otlpValue) };
  if (raw?.kvlistValue !== undefined) return { kind: 'map', entries: raw.kvlistValue.values.map(otlpAttribute) };
  return { kind: 'empty' };
}

export function plainValue(value: OtlpValue): PlainValue {
  switch (value.kind) {
    case 'empty':
      return undefined;
    case 'string':
    case 'bool':
    case 'double':
    case 'bytes':
      return value.value;
    case 'int':
      return plainInteger(value.value);
    case 'array':
      return value.values.map(plainValue);
    case 'map':
      return plainAttributes(value.entries);
  }
}

export function attributed(raw: RawAttributed): Attributed {
  const typedAttributes = raw.attributes.map(otlpAttribute);
  return {
    attributes: plainAttributes(typedAttributes),
    typedAttributes,
    droppedAttributesCount: raw.droppedAttributesCount,
  };
}

/** A number where that is exact. */
export function plainInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function otlpAttribute(raw: RawKeyValue): OtlpAttribute {
  return { key: raw.key, value: otlpValue(raw.value) };
}

function plainAttributes(entries: readonly OtlpAttribute[]): PlainAttributes {
  return Object.fromEntries(entries.map(({ key, value }) => [key, plainValue(value)]));
}
