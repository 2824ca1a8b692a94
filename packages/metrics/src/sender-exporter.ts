import { diag } from '@opentelemetry/api';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Destination } from './destination.ts';
import type { Sender, SendResult } from './otlp/sender.ts';

type ExportDone = Parameters<PushMetricExporter['export']>[1];

const firstRetryMillis = 1000;
const longestRetryMillis = 5000;

/** Exports over the transport that `@codex-otel/provider` uses too, and retries within the time for one export. */
export class SenderExporter implements PushMetricExporter {
  readonly #destination: Destination<'metrics'>;
  readonly #underWay = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #sender: Promise<Sender<ResourceMetrics>> | undefined;
  /** Why the last attempt failed; empty after a delivery. */
  #trouble = '';

  constructor(destination: Destination<'metrics'>) {
    this.#destination = destination;
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

  /** Where metrics go, and why the last attempt failed. */
  describe(): string {
    return `${this.#destination.name}: ${this.#trouble || 'no answer'}`;
  }

  /** Abandons exports that are under way. */
  async shutdown(): Promise<void> {
    this.#closing.abort();
    const sender = await this.#sender?.catch(() => undefined);
    await sender?.close();
  }

  async #deliver(metrics: ResourceMetrics): Promise<void> {
    const deadline = performance.now() + this.#destination.timeoutMillis;
    // The same for each attempt, so that a receiver can drop repeats.
    const batchId = crypto.randomUUID();
    for (let delayMillis = firstRetryMillis; ; delayMillis = Math.min(delayMillis * 2, longestRetryMillis)) {
      const result = await this.#attempt(metrics, batchId, deadline - performance.now());
      this.#trouble = result.kind === 'delivered' ? '' : result.reason;
      if (result.kind === 'delivered') {
        if (result.message) diag.warn(`codex-otel/metrics: ${this.#destination.name} says: ${result.message}`);
        return;
      }
      const waitMillis =
        result.kind !== 'retryable' ? Infinity : Math.max(result.retryAfterMillis ?? 0, delayMillis * Math.random());
      if (this.#closing.signal.aborted || performance.now() + waitMillis >= deadline) {
        throw new Error(this.describe());
      }
      await this.#pause(waitMillis);
    }
  }

  async #attempt(metrics: ResourceMetrics, batchId: string, timeoutMillis: number): Promise<SendResult> {
    const limit = Math.max(1, Math.ceil(timeoutMillis));
    const timeUp = AbortSignal.timeout(limit);
    const sender = await this.#opened();
    const signal = AbortSignal.any([this.#closing.signal, timeUp]);
    const result = await sender.send([metrics], { signal, timeoutMillis: limit, batchId });
    const isLate = timeUp.aborted && result.kind === 'retryable';
    return isLate ? { kind: 'failed', reason: `no answer within ${this.#destination.timeoutMillis} ms` } : result;
  }

  /** The sender, opened by the first export; if that fails, by the next. */
  async #opened(): Promise<Sender<ResourceMetrics>> {
    this.#sender ??= this.#destination.openSender();
    try {
      return await this.#sender;
    } catch (error) {
      this.#sender = undefined;
      throw error;
    }
  }

  /** Does not keep the process alive; a client does that itself while it shuts down. */
  async #pause(millis: number): Promise<void> {
    const { setTimeout: pause } = process.getBuiltinModule('node:timers/promises');
    // Rejects when the exporter is closed.
    await pause(millis, undefined, { ref: false, signal: this.#closing.signal }).catch(() => {});
  }
}
