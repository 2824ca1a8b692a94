import { isLogExportTarget } from '@codex-otel/config';
import type { PlainLogRecord, PlainResource } from '@codex-otel/metrics/otlp';
import type { HrTime } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { keptBody, severityOrNone, textOrNone } from '../logs/log-input.ts';
import { plainSpanContext } from '../traces/span-input.ts';
import { encodableScope } from '../values/encodable-scope.ts';
import { hrTimeFromMillis, isHrTime } from '../values/hr-time.ts';
import { plainAttributes } from '../values/kept-attributes.ts';
import type { EndingSink } from './ending-sink.ts';

/** Options for {@link OutletLogRecordProcessor}. */
export interface OutletLogRecordProcessorOptions {
  readonly sink: EndingSink<PlainLogRecord>;
  /** Used instead of the host's, which is the same for all signals. */
  readonly resource: PlainResource;
}

/**
 * The log side of the privacy wall on a host's logger provider: only records of our targets go into the outlet.
 *
 * The SDK leaves out attributes that cannot be encoded but passes on all other values; here those are left out too.
 * Attributes that throw when they are read (a getter, a proxy) throw in the SDK, in the host's own call, before any
 * processor runs.
 */
export class OutletLogRecordProcessor implements LogRecordProcessor {
  readonly #options: OutletLogRecordProcessorOptions;

  constructor(options: OutletLogRecordProcessorOptions) {
    this.#options = options;
  }

  enabled({ instrumentationScope }: { readonly instrumentationScope: InstrumentationScope }): boolean {
    return isLogExportTarget(instrumentationScope.name);
  }

  onEmit(record: ReadableLogRecord): void {
    const { name } = record.instrumentationScope;
    if (typeof name !== 'string' || !isLogExportTarget(name)) return;
    const { sink } = this.#options;
    let kept: PlainLogRecord;
    try {
      kept = this.#kept(record);
    } catch (error) {
      sink.lose(error);
      return;
    }
    sink.push(kept);
  }

  forceFlush(): Promise<void> {
    return this.#options.sink.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#options.sink.shutdown();
  }

  #kept(record: ReadableLogRecord): PlainLogRecord {
    const { spanContext } = record;
    return {
      hrTime: timeOrNow(record.hrTime),
      hrTimeObserved: timeOrNow(record.hrTimeObserved),
      spanContext: spanContext && plainSpanContext(spanContext),
      severityText: textOrNone(record.severityText),
      severityNumber: severityOrNone(record.severityNumber),
      body: keptBody(record.body),
      eventName: textOrNone(record.eventName),
      resource: this.#options.resource,
      instrumentationScope: encodableScope(record.instrumentationScope),
      attributes: plainAttributes(record.attributes),
      droppedAttributesCount: record.droppedAttributesCount,
    };
  }
}

function timeOrNow(time: HrTime): HrTime {
  return isHrTime(time) ? time : hrTimeFromMillis(Date.now());
}
