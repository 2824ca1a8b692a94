import type { Sender, SendOptions, SendResult } from '@codex-otel/metrics/otlp';

/** A sender that is opened with the first batch, and again with the next if that fails. Nothing in it rejects. */
export class LazySender<Item> {
  readonly #open: () => Promise<Sender<Item>>;
  readonly #reasonOf: (error: unknown) => string;
  #sender: Promise<Sender<Item>> | undefined;

  /** @param reasonOf - the message for an error */
  constructor(open: () => Promise<Sender<Item>>, reasonOf: (error: unknown) => string) {
    this.#open = open;
    this.#reasonOf = reasonOf;
  }

  async send(items: readonly Item[], options: SendOptions): Promise<SendResult> {
    this.#sender ??= this.#open();
    const opening = this.#sender;
    let sender: Sender<Item>;
    try {
      sender = await opening;
    } catch (error) {
      if (this.#sender === opening) this.#sender = undefined;
      return { kind: 'retryable', reason: this.#reasonOf(error) };
    }
    // Nothing waits for the answer any more.
    if (options.signal.aborted) return { kind: 'retryable', reason: 'abandoned' };
    try {
      return await sender.send(items, options);
    } catch (error) {
      return { kind: 'failed', reason: this.#reasonOf(error) };
    }
  }

  /** Also closes a sender that is still being opened. */
  close(): void {
    this.#sender?.then((sender) => sender.close()).catch(() => undefined);
  }
}
