import type { Attributes } from '@opentelemetry/api';
import { ProtobufWriter } from './protobuf-writer.ts';

/** Beyond this many names something makes them up, and remembering them would only cost. */
const NAMES = 1000;
/** Longer texts seldom come twice. */
const REMEMBERED_TEXT = 128;
const TWO_63 = 2 ** 63;
/** Fields of `KeyValue`, `AnyValue` and its lists. */
const KEY = 1;
const VALUE = 2;
const STRING = 1;
const BOOL = 2;
const INT = 3;
const DOUBLE = 4;
const ARRAY = 5;
const MAP = 6;
const BYTES = 7;
const ELEMENT = 1;

interface KnownName {
  /** The name as a field. */
  readonly bytes: Buffer;
  /** The text that it last stood with. */
  value: string;
  /** The pair of both, once it came twice. */
  pair: Buffer | undefined;
}

/**
 * Writes attributes, and remembers how: an agent's events carry the same names, and mostly the same values,
 * thousands of times.
 */
export class AttributeEncoder {
  readonly #field: number;
  readonly #names = new Map<string, KnownName>();

  /** @param field - of the list of attributes, in the message that they stand in */
  constructor(field: number) {
    this.#field = field;
  }

  write(writer: ProtobufWriter, attributes: Attributes): void {
    for (const name in attributes) {
      if (!Object.hasOwn(attributes, name)) continue;
      const value: unknown = attributes[name];
      const known = this.#known(name);
      if (typeof value === 'string') this.#writeText(writer, known, value);
      else this.#writeOther(writer, known, value);
    }
  }

  #known(name: string): KnownName {
    const found = this.#names.get(name);
    if (found !== undefined) return found;
    if (this.#names.size >= NAMES) this.#names.clear();
    const bytes = new ProtobufWriter(name.length + 2);
    bytes.text(KEY, name);
    const known = { bytes: bytes.copyFrom(0), value: '', pair: undefined };
    this.#names.set(name, known);
    return known;
  }

  #writeText(writer: ProtobufWriter, known: KnownName, value: string): void {
    if (known.value !== value) {
      known.pair = undefined;
      known.value = value.length <= REMEMBERED_TEXT ? value : '';
      writer.textPair(this.#field, known.bytes, value);
    } else if (known.pair !== undefined) {
      writer.raw(known.pair);
    } else {
      const start = writer.length;
      writer.textPair(this.#field, known.bytes, value);
      known.pair = writer.copyFrom(start);
    }
  }

  #writeOther(writer: ProtobufWriter, known: KnownName, value: unknown): void {
    const start = writer.begin(this.#field, 1);
    writer.raw(known.bytes);
    writeValue(writer, VALUE, value);
    writer.end(start, 1);
  }
}

/** Writes an `AnyValue` as a field of a message. What has no form in it is an empty one. */
export function writeValue(writer: ProtobufWriter, field: number, value: unknown): void {
  const start = writer.begin(field, 1);
  if (typeof value === 'string') {
    writer.text(STRING, value);
  } else if (typeof value === 'boolean') {
    writer.bool(BOOL, value);
  } else if (typeof value === 'number') {
    if (Number.isInteger(value) && value >= -TWO_63 && value < TWO_63) writer.varint(INT, value);
    else writer.double(DOUBLE, value);
  } else if (typeof value === 'object' && value !== null) {
    writeObject(writer, value);
  }
  writer.end(start, 1);
}

function writeObject(writer: ProtobufWriter, value: object): void {
  if (value instanceof Uint8Array) {
    writer.bytes(BYTES, value);
    return;
  }
  const isList = Array.isArray(value);
  const start = writer.begin(isList ? ARRAY : MAP, 1);
  if (isList) {
    for (const element of value) writeValue(writer, ELEMENT, element);
  } else {
    for (const [name, part] of Object.entries(value)) {
      const pair = writer.begin(ELEMENT, 1);
      writer.text(KEY, name);
      writeValue(writer, VALUE, part);
      writer.end(pair, 1);
    }
  }
  writer.end(start, 1);
}
