import { errorName } from '@codex-otel/config';
import type { EncodedItems, Encoding, Unencoded } from './usable-items.ts';
import { encodeUsable } from './usable-items.ts';

/** The header, or metadata key, with a batch's id. */
export const BATCH_ID_HEADER = 'codex-otel-batch-id';

/** What became of one batch. */
export type SendResult =
  /** The collector accepted it, except for `rejectedItems` and items that could not be encoded. */
  | {
      readonly kind: 'delivered';
      readonly rejectedItems?: number;
      readonly message?: string;
      readonly unencoded?: Unencoded;
    }
  /** Not now; the same batch may pass later. */
  | {
      readonly kind: 'retryable';
      readonly reason: string;
      readonly retryAfterMillis?: number;
      /** The exchange was under way and ended without an answer: reset by the other side, or timed out. */
      readonly brokenOff?: 'reset' | 'timeout';
    }
  /** The collector refuses this batch; a part of it may pass. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It will never pass. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Options for sending one batch. */
export interface SendOptions {
  /** Aborted when nothing waits for the answer any more; the sender then releases its socket. */
  readonly signal: AbortSignal;
  /** Time for the whole exchange, from asking for the headers to the last byte of the answer, in milliseconds. */
  readonly timeoutMillis: number;
  /** Sent with the batch, so that receivers can drop repeats. */
  readonly batchId: string;
}

/**
 * Carries batches of one signal to one collector.
 *
 * It encodes, sends and reads the answer; queues, deadlines and retries belong to the outlet. `reason` and `message`
 * never contain a header, a key or an item.
 */
export interface Sender<Item> {
  /** Does not reject; the result says what happened. */
  send(items: readonly Item[], options: SendOptions): Promise<SendResult>;
  /** Closes connections. A batch under way is abandoned. */
  close(): void | Promise<void>;
}

/**
 * Sends a batch that may need several requests, up to the first that is not delivered. What was delivered before is
 * sent again with the rest: delivery is at least once.
 */
export async function deliverAll<Item>(
  items: readonly Item[],
  encoding: Encoding<Item>,
  sendOne: (payload: Uint8Array) => Promise<SendResult>,
): Promise<SendResult> {
  let encoded: EncodedItems;
  try {
    encoded = encodeUsable(items, encoding);
  } catch (error) {
    return { kind: 'failed', reason: `the batch could not be encoded (${errorName(error)})` };
  }
  const { payloads, unencoded } = encoded;
  let rejectedItems = 0;
  let message = '';
  for (const payload of payloads) {
    const result = await sendOne(payload);
    if (result.kind !== 'delivered') return result;
    rejectedItems += result.rejectedItems ?? 0;
    message ||= result.message ?? '';
  }
  return {
    kind: 'delivered',
    ...(rejectedItems > 0 && { rejectedItems }),
    ...(message !== '' && { message }),
    ...(unencoded && { unencoded }),
  };
}
