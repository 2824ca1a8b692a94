/** `google.rpc.Status.details`, `google.protobuf.Any.value`, and the fields of `RetryInfo` and `Duration`. */
const DETAILS = 3;
const TYPE_URL = 1;
const VALUE = 2;
const RETRY_DELAY = 1;
const SECONDS = 1;
const NANOS = 2;

/**
 * Reads how long a server asks to wait from the `grpc-status-details-bin` of its answer: the `RetryInfo`
 * among the details of a `google.rpc.Status`.
 *
 * The client library hands these bytes over undecoded; a protobuf library for two numbers would be the
 * largest part of this transport.
 *
 * @returns milliseconds, or `undefined` where it does not say, or the bytes are no such message
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto
 */
export function parseRetryInfo(status: Uint8Array): number | undefined {
  for (const detail of messages(status, DETAILS)) {
    const [typeUrl] = messages(detail, TYPE_URL);
    if (typeUrl === undefined || !Buffer.from(typeUrl).toString().endsWith('/google.rpc.RetryInfo')) continue;
    const [value] = messages(detail, VALUE);
    const [delay] = value === undefined ? [] : messages(value, RETRY_DELAY);
    if (delay === undefined) return 0;
    const millis = (number(delay, SECONDS) ?? 0) * 1000 + (number(delay, NANOS) ?? 0) / 1e6;
    return Number.isFinite(millis) && millis > 0 ? millis : 0;
  }
  return undefined;
}

interface Field {
  readonly field: number;
  readonly value: number | Uint8Array;
}

function messages(bytes: Uint8Array, field: number): Uint8Array[] {
  return fields(bytes).flatMap((entry) =>
    entry.field === field && typeof entry.value !== 'number' ? [entry.value] : [],
  );
}

function number(bytes: Uint8Array, field: number): number | undefined {
  const found = fields(bytes).findLast((entry) => entry.field === field)?.value;
  return typeof found === 'number' ? found : undefined;
}

/** The fields of a message, up to where it stops making sense. */
function fields(bytes: Uint8Array): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; at < bytes.length; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < bytes.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    if (tag % 8 === 0) {
      found.push({ field, value: varint() });
    } else if (tag % 8 === 2) {
      const end = at + varint();
      if (!(end >= at && end <= bytes.length)) return found;
      found.push({ field, value: bytes.subarray(at, end) });
      at = end;
    } else {
      return found;
    }
  }
  return found;
}
