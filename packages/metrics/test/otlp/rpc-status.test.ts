import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readRpcStatus } from '../../src/otlp/rpc-status.ts';

const field = (number: number, bytes: Uint8Array) => Buffer.from([number * 8 + 2, bytes.length, ...bytes]);
const text = (value: string) => Buffer.from(value);
const detail = (type: string, value: Uint8Array) =>
  field(3, Buffer.concat([field(1, text(`type.googleapis.com/${type}`)), field(2, value)]));
// 90 seconds, 500,000,000 nanoseconds.
const delay = field(1, Buffer.from([8, 90, 16, 0x80, 0xca, 0xb5, 0xee, 0x01]));

describe('readRpcStatus', () => {
  it('reads the message', () => {
    const status = Buffer.concat([Buffer.from([8, 14]), field(2, text('overloaded'))]);
    expect(readRpcStatus(status)).toEqual({ message: 'overloaded', retryAfterMillis: undefined });
  });

  it('finds the delay among the details', () => {
    const status = Buffer.concat([detail('google.rpc.Help', text('x')), detail('google.rpc.RetryInfo', delay)]);
    expect(readRpcStatus(status).retryAfterMillis).toBe(90_500);
  });

  it('uses the last value of a repeated field, as protobuf requires', () => {
    const twice = field(1, Buffer.from([8, 1, 8, 90]));
    expect(readRpcStatus(detail('google.rpc.RetryInfo', twice)).retryAfterMillis).toBe(90_000);
  });

  it('treats a RetryInfo without a delay as missing', () => {
    expect(readRpcStatus(detail('google.rpc.RetryInfo', Buffer.alloc(0))).retryAfterMillis).toBe(0);
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { message, retryAfterMillis } = readRpcStatus(bytes);
        expect(typeof message).toBe('string');
        expect(retryAfterMillis ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
