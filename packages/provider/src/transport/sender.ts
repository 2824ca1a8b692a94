/** What became of one batch. */
export type SendResult =
  /** The collector took it, all but `rejectedItems`. */
  | { readonly kind: 'delivered'; readonly rejectedItems?: number; readonly message?: string }
  /** Not now; the same batch may pass later. */
  | { readonly kind: 'retryable'; readonly reason: string; readonly retryAfterMillis?: number }
  /** Never; sending it again would change nothing. */
  | { readonly kind: 'failed'; readonly reason: string };

/** What a {@link Sender} must keep to for one batch. */
export interface SendOptions {
  /** Aborted when nobody waits for the answer any more; the sender then lets go of its socket. */
  readonly signal: AbortSignal;
  /** The whole exchange, from asking for the headers to the last byte of the answer, in milliseconds from now. */
  readonly timeoutMillis: number;
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
