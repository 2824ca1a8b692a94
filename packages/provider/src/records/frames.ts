/** Tells a frame of ours, in this form, from anything else. */
const MAGIC = 0x63_6f_74_31;
/** Magic number, length and checksum of the body, 32 bits each. */
const HEADER_BYTES = 12;

/**
 * Writes one value so that it can be read back whole, or known to be damaged. Structured cloning keeps bytes,
 * `NaN` and `undefined`, and writes what is shared inside the value only once.
 *
 * @throws DataCloneError when the value holds what is no data, such as a function.
 */
export function writeFrame(value: unknown): Buffer {
  const body = v8().serialize(value);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(MAGIC, 0);
  header.writeUInt32BE(body.length, 4);
  header.writeUInt32BE(zlib().crc32(body), 8);
  return Buffer.concat([header, body]);
}

/**
 * Reads the values that stand one after another. A right checksum tells that {@link writeFrame} wrote them.
 *
 * @throws Error when the bytes are cut short, changed, or not ours.
 */
export function readFrames(bytes: Buffer): readonly unknown[] {
  const values: unknown[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const body = bodyAt(bytes, offset);
    values.push(v8().deserialize(body));
    offset += HEADER_BYTES + body.length;
  }
  return values;
}

function bodyAt(bytes: Buffer, offset: number): Buffer {
  const start = offset + HEADER_BYTES;
  if (start > bytes.length || bytes.readUInt32BE(offset) !== MAGIC) throw new Error('not telemetry of ours');
  const end = start + bytes.readUInt32BE(offset + 4);
  if (end > bytes.length) throw new Error('cut short');
  const body = bytes.subarray(start, end);
  if (zlib().crc32(body) !== bytes.readUInt32BE(offset + 8)) throw new Error('wrong checksum');
  return body;
}

/** Loaded at the first frame: a start that writes none does not pay for them, and at exit nothing can be awaited. */
const v8 = () => process.getBuiltinModule('node:v8');
const zlib = () => process.getBuiltinModule('node:zlib');
