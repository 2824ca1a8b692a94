import protobuf from 'protobufjs/light.js';

/** Google's error model: the body of an OTLP error answer, and `grpc-status-details-bin` over gRPC. */
const root = protobuf.Root.fromJSON({
  nested: {
    Duration: { fields: { seconds: { type: 'int64', id: 1 }, nanos: { type: 'int32', id: 2 } } },
    RetryInfo: { fields: { retryDelay: { type: 'Duration', id: 1 } } },
    Any: { fields: { typeUrl: { type: 'string', id: 1 }, value: { type: 'bytes', id: 2 } } },
    Status: {
      fields: {
        code: { type: 'int32', id: 1 },
        message: { type: 'string', id: 2 },
        details: { rule: 'repeated', type: 'Any', id: 3 },
      },
    },
  },
});
const Status = root.lookupType('Status');
const RetryInfo = root.lookupType('RetryInfo');

/** Google's code for an HTTP status, by the mapping in its API guidelines. */
const GRPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  408: 4,
  413: 8,
  429: 8,
  500: 13,
  501: 12,
  502: 14,
  503: 14,
  504: 4,
};

export function grpcCodeOfHttpStatus(status: number): number {
  return GRPC_CODES[status] ?? 2;
}

/** A `google.rpc.Status`, with a `RetryInfo` if the sender should wait. */
export function encodeRpcStatus(code: number, message: string, retryAfterSeconds?: number): Uint8Array {
  const details =
    retryAfterSeconds === undefined
      ? []
      : [{ typeUrl: 'type.googleapis.com/google.rpc.RetryInfo', value: encodeRetryInfo(retryAfterSeconds) }];
  return Status.encode(Status.fromObject({ code, message, details })).finish();
}

function encodeRetryInfo(seconds: number): Uint8Array {
  const whole = Math.floor(seconds);
  const retryDelay = { seconds: whole, nanos: Math.round((seconds - whole) * 1e9) };
  return RetryInfo.encode(RetryInfo.fromObject({ retryDelay })).finish();
}
