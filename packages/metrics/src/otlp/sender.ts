import { errorName } from '@codex-otel/config';
import type { EncodedItems, Encoding, Unencoded } from './usable-items.ts';
import { encodeUsable } from './usable-items.ts';

/** The header, or metadata key, that a batch's id travels in. */
export const BATCH_ID_HEADER = 'codex-otel-batch-id';

/** What became of one batch. */
export type SendResult =
  /** The collector took it, all but `rejectedItems`, and but for what could not be encoded. */
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
      /** The exchange was under way and ended without an answer: cut by the other side, or given up by this one. */
      readonly brokenOff?: 'reset' | 'timeout';
    }
  /** Not this batch as it is: a smaller part of it may pass. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Never; sending it again would change nothing. */
  | { readonly kind: 'failed'; readonly reason: string };

/** What a {@link Sender} must keep to for one batch. */
export interface SendOptions {
  /** Aborted when nobody waits for the answer any more; the sender then lets go of its socket. */
  readonly signal: AbortSignal;
  /** The whole exchange, from asking for the headers to the last byte of the answer, in milliseconds from now. */
  readonly timeoutMillis: number;
  /** Sent beside the batch, for receivers that drop repeats. */
  readonly batchId: string;
}

/**
 * Carries batches of one signal to one collector.
 *
 * It encodes, sends and reads the answer; queues, deadlines and retries are the outlet's. `reason` and
 * `message` name the endpoint's trouble and never a header, a key or an item.
 */
export interface Sender<Item> {
  /** Does not reject: whatever happened is in the result. */
  send(items: readonly Item[], options: SendOptions): Promise<SendResult>;
  /** Gives up connections. A batch under way is abandoned. */
  close(): void | Promise<void>;
}

/**
 * Sends a batch that may take several requests, up to the first that is not delivered. What was delivered
 * before that is sent again with the rest: at least once, never lost.
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
