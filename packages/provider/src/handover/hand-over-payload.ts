import type { HeadersHelper, OtelSignal, OtlpConnection } from '@codex-otel/config';
import type { PlainBatch } from '../records/encode-batch.ts';
import { readFrames } from '../records/frames.ts';

/** A connection as data: what the uploader needs to send what another process queued. */
export interface HandOverConnection extends Omit<OtlpConnection, 'headers'> {
  readonly headers: HandOverHeaders;
}

/** Nothing can be awaited at exit: headers are those of the last export, or come from a command that the uploader runs. */
export type HandOverHeaders =
  | { readonly kind: 'known'; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'command'; readonly helper: HeadersHelper };

/** The first frame of a payload; batches follow it. */
export interface HandOverHead {
  readonly connections: Readonly<Partial<Record<OtelSignal, HandOverConnection>>>;
}

/** A payload that was read. */
export interface HandOverPayload extends HandOverHead {
  readonly batches: readonly PlainBatch[];
}

/** @throws Error when the bytes are not a whole payload. */
export function readHandOverPayload(bytes: Buffer): HandOverPayload {
  const [head, ...batches] = readFrames(bytes);
  if (head === undefined) throw new Error('the payload is empty');
  // Checksums have told that these frames were written by the other end.
  return { ...(head as HandOverHead), batches: batches as PlainBatch[] };
}
