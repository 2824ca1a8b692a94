import { diag } from '@opentelemetry/api';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Sender, SendResult } from './otlp/sender.ts';

type ExportDone = Parameters<PushMetricExporter['export']>[1];

const firstRetryMillis = 1000;
const longestRetryMillis = 5000;

/** Where a {@link SenderExporter} sends. */
export interface SenderExporterOptions {
  /** For messages: the endpoint without anything that could be secret. */
  readonly name: string;
  /** The whole time of one export, further attempts included, in milliseconds. */
  readonly timeoutMillis: number;
  /** Called at the first export. */
  open(): Promise<Sender<ResourceMetrics>>;
}

/** Exports over the transport that `@codex-otel/provider` uses too, and tries again while an export's time lasts. */
export class SenderExporter implements PushMetricExporter {
  readonly #options: SenderExporterOptions;
  readonly #underWay = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #sender: Promise<Sender<ResourceMetrics>> | undefined;

  constructor(options: SenderExporterOptions) {
    this.#options = options;
  }

  export(metrics: ResourceMetrics, resultCallback: ExportDone): void {
    const work = this.#deliver(metrics)
      .then(
        () => resultCallback({ code: 0 }),
        (error) => resultCallback({ code: 1, error }),
      )
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  async forceFlush(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** Gives up what is still under way. */
  async shutdown(): Promise<void> {
    this.#closing.abort();
    const sender = await this.#sender?.catch(() => undefined);
    await sender?.close();
  }

  async #deliver(metrics: ResourceMetrics): Promise<void> {
    const deadline = performance.now() + this.#options.timeoutMillis;
    // The same for each attempt, so that a receiver can drop repeats.
    const batchId = crypto.randomUUID();
    for (let delayMillis = firstRetryMillis; ; delayMillis = Math.min(delayMillis * 2, longestRetryMillis)) {
      const result = await this.#attempt(metrics, batchId, deadline - performance.now());
      if (result.kind === 'delivered') {
        if (result.message) diag.warn(`codex-otel/metrics: ${this.#options.name} says: ${result.message}`);
        return;
      }
      const waitMillis =
        result.kind !== 'retryable' ? Infinity : Math.max(result.retryAfterMillis ?? 0, delayMillis * Math.random());
      if (this.#closing.signal.aborted || performance.now() + waitMillis >= deadline) {
        throw new Error(`metrics to ${this.#options.name}: ${result.reason}`);
      }
      await this.#pause(waitMillis);
    }
  }

  async #attempt(metrics: ResourceMetrics, batchId: string, timeoutMillis: number): Promise<SendResult> {
    const limit = Math.max(1, Math.ceil(timeoutMillis));
    const timeUp = AbortSignal.timeout(limit);
    this.#sender ??= this.#options.open();
    const sender = await this.#sender;
    const signal = AbortSignal.any([this.#closing.signal, timeUp]);
    const result = await sender.send([metrics], { signal, timeoutMillis: limit, batchId });
    const isLate = timeUp.aborted && result.kind === 'retryable';
    return isLate ? { kind: 'failed', reason: `no answer within ${this.#options.timeoutMillis} ms` } : result;
  }

  /** Does not hold the process; a client that shuts down does that by itself. */
  #pause(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.#closing;
      const timer = setTimeout(done, millis);
      timer.unref();
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done);
    });
  }
}
