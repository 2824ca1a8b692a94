import { errorReason } from '@codex-otel/config';
import type { Sender, SendOptions, SendResult } from '@codex-otel/metrics/otlp';

/** A sender that is opened with the first batch, and again with the next if that fails. Nothing in it rejects. */
export class LazySender<Item> {
  readonly #open: () => Promise<Sender<Item>>;
  #sender: Promise<Sender<Item>> | undefined;

  constructor(open: () => Promise<Sender<Item>>) {
    this.#open = open;
  }

  async send(items: readonly Item[], options: SendOptions): Promise<SendResult> {
    this.#sender ??= this.#open();
    const opening = this.#sender;
    let sender: Sender<Item>;
    try {
      sender = await opening;
    } catch (error) {
      if (this.#sender === opening) this.#sender = undefined;
      return { kind: 'retryable', reason: errorReason(error) };
    }
    // Nothing waits for the answer any more.
    if (options.signal.aborted) return { kind: 'retryable', reason: 'abandoned' };
    try {
      return await sender.send(items, options);
    } catch (error) {
      return { kind: 'failed', reason: errorReason(error) };
    }
  }

  /** Also closes a sender that is still being opened. */
  close(): void {
    this.#sender?.then((sender) => sender.close()).catch(() => undefined);
  }
}
