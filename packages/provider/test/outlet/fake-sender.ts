import type { Sender, SendOptions, SendResult } from '@codex-otel/metrics/otlp';

/** One batch that was given to the sender. */
export interface SentBatch {
  readonly items: readonly string[];
  readonly options: SendOptions;
  readonly at: number;
  answer(result: SendResult): void;
}

/** A sender with given answers. Without one, it answers when the test says so. */
export class FakeSender implements Sender<string> {
  readonly batches: SentBatch[] = [];
  readonly #now: () => number;
  readonly #answer: ((batch: SentBatch) => SendResult | undefined) | undefined;
  closed = 0;

  constructor(now: () => number, answer?: (batch: SentBatch) => SendResult | undefined) {
    this.#now = now;
    this.#answer = answer;
  }

  send(items: readonly string[], options: SendOptions): Promise<SendResult> {
    return new Promise((resolve) => {
      const batch: SentBatch = { items, options, at: this.#now(), answer: resolve };
      this.batches.push(batch);
      const result = this.#answer?.(batch);
      if (result !== undefined) resolve(result);
    });
  }

  close(): void {
    this.closed += 1;
  }

  get items(): readonly string[] {
    return this.batches.flatMap((batch) => batch.items);
  }
}
