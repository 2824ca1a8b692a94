import { isLogExportTarget } from '@codex-otel/config';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { EndingSink } from './ending-sink.ts';

/** Options for {@link OutletLogRecordProcessor}. */
export interface OutletLogRecordProcessorOptions {
  readonly sink: EndingSink<ReadableLogRecord>;
  /** In place of the host's, which is the same for all signals. */
  readonly resource: Resource;
}

/** The log side of the privacy wall on a host's own logger provider: records of our targets alone go into the outlet. */
export class OutletLogRecordProcessor implements LogRecordProcessor {
  readonly #options: OutletLogRecordProcessorOptions;

  constructor(options: OutletLogRecordProcessorOptions) {
    this.#options = options;
  }

  enabled({ instrumentationScope }: { readonly instrumentationScope: InstrumentationScope }): boolean {
    return isLogExportTarget(instrumentationScope.name);
  }

  onEmit(record: ReadableLogRecord): void {
    if (!isLogExportTarget(record.instrumentationScope.name)) return;
    const { hrTime, hrTimeObserved, spanContext, severityText, severityNumber, body, eventName } = record;
    this.#options.sink.push({
      hrTime,
      hrTimeObserved,
      ...(spanContext && { spanContext }),
      ...(severityText !== undefined && { severityText }),
      ...(severityNumber !== undefined && { severityNumber }),
      body,
      ...(eventName !== undefined && { eventName }),
      resource: this.#options.resource,
      instrumentationScope: record.instrumentationScope,
      attributes: record.attributes,
      droppedAttributesCount: record.droppedAttributesCount,
    });
  }

  forceFlush(): Promise<void> {
    return this.#options.sink.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#options.sink.shutdown();
  }
}
