import type { Context, Logger, LogRecord, SeverityNumber } from '@opentelemetry/api';
import { context } from '@opentelemetry/api';
import { approximateBytes } from '../values/item-size.ts';
import { refused } from '../values/refused.ts';
import type { DeferredQueue } from './deferred-queue.ts';

/** A logger whose records wait, with their time and context, until there is a provider. */
export class DeferredLogger implements Logger {
  readonly #queue: DeferredQueue;

  constructor(queue: DeferredQueue) {
    this.#queue = queue;
  }

  emit(record: LogRecord): void {
    try {
      this.#emit(record);
    } catch (error) {
      refused('a log record', error);
    }
  }

  #emit(record: LogRecord): void {
    const { target, connected } = this.#queue;
    if (connected) {
      target?.logger.emit(record);
      return;
    }
    const now = Date.now();
    const kept: LogRecord = {
      ...record,
      timestamp: record.timestamp ?? now,
      observedTimestamp: record.observedTimestamp ?? now,
      context: record.context ?? context.active(),
      attributes: { ...record.attributes },
    };
    const bytes = approximateBytes(kept.attributes) + approximateBytes(kept.body);
    this.#queue.defer('logs', bytes, ({ logger }) => logger.emit(kept));
  }

  enabled(options?: { context?: Context; severityNumber?: SeverityNumber; eventName?: string }): boolean {
    const { target, connected } = this.#queue;
    return target === undefined ? !connected : target.logger.enabled(options);
  }
}
