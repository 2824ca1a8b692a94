/** Marks a frame of this format. */
const MAGIC = 0x63_6f_74_31;
/** Magic number, length and checksum of the body, 32 bits each. */
const HEADER_BYTES = 12;

/**
 * Encodes a value with a checksum. Structured cloning keeps bytes, `NaN` and `undefined`, and writes objects that are
 * shared inside the value only once.
 *
 * @throws DataCloneError if the value contains something that is not plain data, such as a function.
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
 * Decodes a sequence of frames. A correct checksum proves that {@link writeFrame} wrote them.
 *
 * @throws Error if the bytes are truncated, changed, or not frames.
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
  if (start > bytes.length || bytes.readUInt32BE(offset) !== MAGIC) throw new Error('not a frame of codex-otel');
  const end = start + bytes.readUInt32BE(offset + 4);
  if (end > bytes.length) throw new Error('cut short');
  const body = bytes.subarray(start, end);
  if (zlib().crc32(body) !== bytes.readUInt32BE(offset + 8)) throw new Error('wrong checksum');
  return body;
}

/** Loaded with the first frame, synchronously, since nothing can be awaited at exit. */
const v8 = () => process.getBuiltinModule('node:v8');
const zlib = () => process.getBuiltinModule('node:zlib');
