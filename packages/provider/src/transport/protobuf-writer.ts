const VARINT = 0;
const FIXED_64 = 1;
const LENGTH = 2;
const FIXED_32 = 5;
/** Up to here a loop over characters is faster than a call into native code. */
const SHORT_TEXT = 64;
const TWO_32 = 2 ** 32;

/**
 * Writes protobuf in one pass: a message's length is written over a place that was kept for it, and what
 * follows moves only where the guess was wrong. Grows as needed.
 */
export class ProtobufWriter {
  #bytes: Buffer;
  #at = 0;

  constructor(expectedBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(expectedBytes, 1024));
  }

  get length(): number {
    return this.#at;
  }

  /** What was written; the writer is not used any more. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  /** A copy of what was written since. */
  copyFrom(start: number): Buffer {
    return Buffer.from(this.#bytes.subarray(start, this.#at));
  }

  /**
   * Begins a message inside this one.
   *
   * @param lengthBytes - how many bytes its length will probably take
   * @returns what {@link ProtobufWriter.end} wants to know
   */
  begin(field: number, lengthBytes: number): number {
    this.#tag(field, LENGTH);
    this.#reserve(lengthBytes);
    this.#at += lengthBytes;
    return this.#at;
  }

  /** Ends the message that begins at `start`. */
  end(start: number, lengthBytes: number): void {
    const length = this.#at - start;
    const needed = varintBytes(length);
    if (needed !== lengthBytes) {
      this.#reserve(needed);
      this.#bytes.copyWithin(start - lengthBytes + needed, start, this.#at);
      this.#at += needed - lengthBytes;
    }
    const end = this.#at;
    this.#at = start - lengthBytes;
    this.#varint(length);
    this.#at = end;
  }

  /** Bytes that were written elsewhere, with their tag. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  varint(field: number, value: number): void {
    this.#tag(field, VARINT);
    this.#reserve(10);
    if (value >= 0 && value < TWO_32) this.#varint(value);
    else this.#longVarint(value);
  }

  bool(field: number, value: boolean): void {
    this.varint(field, value ? 1 : 0);
  }

  double(field: number, value: number): void {
    this.#tag(field, FIXED_64);
    this.#reserve(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  fixed32(field: number, value: number): void {
    this.#tag(field, FIXED_32);
    this.#reserve(4);
    this.#fixed32(value);
  }

  /** A time in nanoseconds, from whole seconds and the rest. */
  nanos(field: number, [seconds, nanos]: readonly [number, number]): void {
    // In halves of the seconds, so that no product leaves the whole numbers of a double.
    const upper = Math.floor(seconds / 65_536) * 1e9;
    const lower = (seconds % 65_536) * 1e9;
    const low = (upper % 65_536) * 65_536 + (lower % TWO_32) + nanos;
    const high = Math.floor(upper / 65_536) + Math.floor(lower / TWO_32) + Math.floor(low / TWO_32);
    this.#tag(field, FIXED_64);
    this.#reserve(8);
    this.#fixed32(low);
    this.#fixed32(high);
  }

  text(field: number, value: string): void {
    const bytes = utf8Bytes(value);
    this.#tag(field, LENGTH);
    this.#reserve(5 + bytes);
    this.#varint(bytes);
    this.#text(value, bytes);
  }

  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, LENGTH);
    this.#reserve(5);
    this.#varint(value.length);
    this.raw(value);
  }

  /** Bytes that are given as lower-case hexadecimal text. */
  hex(field: number, value: string): void {
    const length = value.length >> 1;
    this.#tag(field, LENGTH);
    this.#reserve(5 + length);
    this.#varint(length);
    for (let index = 0; index < length; index += 1) {
      this.#bytes[this.#at++] = (nibble(value.charCodeAt(index * 2)) << 4) | nibble(value.charCodeAt(index * 2 + 1));
    }
  }

  /** A message of a name and a text in a message: the commonest attribute, without any guess. */
  textPair(field: number, name: Uint8Array, value: string): void {
    const bytes = utf8Bytes(value);
    const inner = 1 + varintBytes(bytes) + bytes;
    const whole = name.length + 1 + varintBytes(inner) + inner;
    this.#tag(field, LENGTH);
    this.#reserve(10 + whole);
    this.#varint(whole);
    this.#bytes.set(name, this.#at);
    this.#at += name.length;
    this.#bytes[this.#at++] = (2 << 3) | LENGTH;
    this.#varint(inner);
    this.#bytes[this.#at++] = (1 << 3) | LENGTH;
    this.#varint(bytes);
    this.#text(value, bytes);
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }

  #tag(field: number, wireType: number): void {
    this.#reserve(5);
    this.#varint((field << 3) | wireType);
  }

  /** Below 2^32; room is there. */
  #varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  /** In two's complement over 64 bits, where it is negative. */
  #longVarint(value: number): void {
    const size = Math.abs(value);
    let low = size >>> 0;
    let high = (size / TWO_32) >>> 0;
    if (value < 0) {
      low = (~low + 1) >>> 0;
      high = (low === 0 ? ~high + 1 : ~high) >>> 0;
    }
    while (high > 0 || low > 127) {
      this.#bytes[this.#at++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.#bytes[this.#at++] = low;
  }

  #fixed32(value: number): void {
    this.#bytes[this.#at++] = value & 0xff;
    this.#bytes[this.#at++] = (value >>> 8) & 0xff;
    this.#bytes[this.#at++] = (value >>> 16) & 0xff;
    this.#bytes[this.#at++] = (value >>> 24) & 0xff;
  }

  #text(value: string, bytes: number): void {
    if (bytes === value.length && bytes <= SHORT_TEXT) {
      for (let index = 0; index < bytes; index += 1) this.#bytes[this.#at++] = value.charCodeAt(index);
    } else {
      this.#bytes.write(value, this.#at, bytes, bytes === value.length ? 'latin1' : 'utf8');
      this.#at += bytes;
    }
  }
}

function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

function utf8Bytes(value: string): number {
  if (value.length > SHORT_TEXT) return Buffer.byteLength(value);
  for (let index = 0; index < value.length; index += 1) {
    if (value.charCodeAt(index) > 127) return Buffer.byteLength(value);
  }
  return value.length;
}

function nibble(code: number): number {
  // '0' is 48, 'a' is 97.
  return code < 58 ? code - 48 : code - 87;
}
