import type { OtelSignal } from '@codex-otel/config';

/** Something that an outlet has to say. */
export type OutletReport = {
  readonly signal: OtelSignal;
  /** Whether the outcome differs from the one before: worth a line. The rest is for a debug log. */
  readonly changed: boolean;
} & (
  | { readonly kind: 'exported'; readonly items: number; readonly elapsedMillis: number }
  /** The collector answered well, and refused some of the items. `items` is what it refused. */
  | { readonly kind: 'rejected'; readonly items: number; readonly reason: string }
  /** The rest of their batch went out. */
  | { readonly kind: 'unencoded'; readonly items: number; readonly reason: string }
  | { readonly kind: 'retrying'; readonly items: number; readonly reason: string; readonly delayMillis: number }
  /** The collector refused a batch as it is; it is sent in smaller ones. */
  | { readonly kind: 'divided'; readonly items: number; readonly reason: string }
  | { readonly kind: 'failed'; readonly items: number; readonly reason: string }
  /** The queue is full. `items` is what was dropped up to now in this outage. */
  | { readonly kind: 'dropping'; readonly items: number; readonly reason: string }
  /** Exports pass again. `items` is what was dropped meanwhile. */
  | { readonly kind: 'recovered'; readonly items: number }
);
