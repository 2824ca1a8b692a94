import type { OtelSignal } from '@codex-otel/config';

/** A report of an outlet. */
export type OutletReport = {
  readonly signal: OtelSignal;
  /** Whether the outcome differs from the one before. Other reports are for a debug log. */
  readonly changed: boolean;
} & (
  | { readonly kind: 'exported'; readonly items: number; readonly elapsedMillis: number }
  /** The collector accepted the batch and rejected some of its items. `items` is the number of rejected ones. */
  | { readonly kind: 'rejected'; readonly items: number; readonly reason: string }
  /** Some items could not be encoded; the rest of their batch was sent. */
  | { readonly kind: 'unencoded'; readonly items: number; readonly reason: string }
  | { readonly kind: 'retrying'; readonly items: number; readonly reason: string; readonly delayMillis: number }
  /** The collector refused a batch; it is sent in smaller ones. */
  | { readonly kind: 'divided'; readonly items: number; readonly reason: string }
  | { readonly kind: 'failed'; readonly items: number; readonly reason: string }
  /** The queue is full. `items` is the number of items dropped so far in this outage. */
  | { readonly kind: 'dropping'; readonly items: number; readonly reason: string }
  /** Exports succeed again. `items` is the number of items dropped meanwhile. */
  | { readonly kind: 'recovered'; readonly items: number }
);
