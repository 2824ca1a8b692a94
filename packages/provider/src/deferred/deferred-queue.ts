import type { OtelSignal } from '@codex-otel/config';
import { diag } from '@opentelemetry/api';
import type { DeferredTarget } from './deferred-target.ts';

/** Recorded items that wait for the provider, in order. */
export class DeferredQueue {
  readonly #maxItems: number;
  readonly #maxBytes: number;
  #deliveries: ((target: DeferredTarget) => void)[] = [];
  #items = 0;
  #bytes = 0;
  #dropped: Record<OtelSignal, number> = { traces: 0, logs: 0, metrics: 0 };
  #target: DeferredTarget | undefined;
  #connected = false;

  constructor({ maxItems, maxBytes }: { readonly maxItems: number; readonly maxBytes: number }) {
    this.#maxItems = maxItems;
    this.#maxBytes = maxBytes;
  }

  /** The provider after `connect`; `undefined` before, and if there is no provider. */
  get target(): DeferredTarget | undefined {
    return this.#target;
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** Reserves room for an item. If there is none, counts the item as dropped and returns `false`. */
  reserve(signal: OtelSignal, bytes: number): boolean {
    if (this.#items >= this.#maxItems || this.#bytes + bytes > this.#maxBytes) {
      this.#dropped[signal] += 1;
      return false;
    }
    this.#items += 1;
    this.#bytes += bytes;
    return true;
  }

  /** Calls `deliver` when there is a provider, if there is room for the item. */
  defer(signal: OtelSignal, bytes: number, deliver: (target: DeferredTarget) => void): boolean {
    if (!this.reserve(signal, bytes)) return false;
    this.#deliveries.push(deliver);
    return true;
  }

  /** Delivers what waits, or discards it if there is no provider. */
  connect(target: DeferredTarget | undefined): void {
    const deliveries = this.#deliveries;
    const dropped = this.#dropped;
    this.#deliveries = [];
    this.#items = 0;
    this.#bytes = 0;
    this.#dropped = { traces: 0, logs: 0, metrics: 0 };
    this.#target = target;
    this.#connected = true;
    if (target === undefined) return;
    for (const deliver of deliveries) {
      try {
        deliver(target);
      } catch (error) {
        diag.error(
          'codex-otel/provider: something recorded before the provider was ready could not be delivered',
          error,
        );
      }
    }
    target.countDropped(dropped);
  }
}
