/** Fields of `google.rpc.Status`, `google.protobuf.Any`, `google.rpc.RetryInfo` and `google.protobuf.Duration`. */
const MESSAGE = 2;
const DETAILS = 3;
const TYPE_URL = 1;
const VALUE = 2;
const RETRY_DELAY = 1;
const SECONDS = 1;
const NANOS = 2;

/** The reason why a server refuses a request. */
export interface RpcStatus {
  readonly message: string;
  /** From a `RetryInfo` among the details. */
  readonly retryAfterMillis: number | undefined;
}

/**
 * Reads a `google.rpc.Status`: the body of a refusal in OTLP/HTTP, and `grpc-status-details-bin` in gRPC.
 *
 * Neither the serialisers nor gRPC's client decode it, and a protobuf library for these two values would be the largest
 * part of the transport. Of bytes that are not a valid message, the readable part is used.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/status.proto
 */
export function readRpcStatus(status: Uint8Array): RpcStatus {
  const [message] = messages(status, MESSAGE);
  return {
    message: message === undefined ? '' : Buffer.from(message).toString(),
    retryAfterMillis: messages(status, DETAILS)
      .map(retryDelayMillis)
      .find((delay) => delay !== undefined),
  };
}

function retryDelayMillis(detail: Uint8Array): number | undefined {
  const [typeUrl] = messages(detail, TYPE_URL);
  if (typeUrl === undefined || !Buffer.from(typeUrl).toString().endsWith('/google.rpc.RetryInfo')) return undefined;
  const [value] = messages(detail, VALUE);
  const [delay] = value === undefined ? [] : messages(value, RETRY_DELAY);
  if (delay === undefined) return 0;
  const millis = (number(delay, SECONDS) ?? 0) * 1000 + (number(delay, NANOS) ?? 0) / 1e6;
  return Number.isFinite(millis) && millis > 0 ? millis : 0;
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

/** The fields of a message, up to the first one that is not valid. */
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
      const length = varint();
      const end = at + length;
      if (!(end >= at && end <= bytes.length)) return found;
      found.push({ field, value: bytes.subarray(at, end) });
      at = end;
    } else {
      return found;
    }
  }
  return found;
}
