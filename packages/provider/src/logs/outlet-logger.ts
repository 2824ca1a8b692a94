import type { PlainLogRecord, PlainResource, PlainSpanContext } from '@codex-otel/metrics/otlp';
import type { AnyValue, Attributes, Context, HrTime, Logger, LogRecord, SpanContext } from '@opentelemetry/api';
import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import { plainSpanContext } from '../traces/span-input.ts';
import { exceptionAttributes } from '../values/exception-attributes.ts';
import { hrTimeFromInput, hrTimeFromMillis } from '../values/hr-time.ts';
import { keepAttributes, simpleSize } from '../values/kept-attributes.ts';
import { refused } from '../values/refused.ts';
import { keptBody, severityOrNone, textOrNone } from './log-input.ts';

/** Where finished records go. */
export interface LogSink {
  push(record: PlainLogRecord): void;
}

/** What all records of a logger share. */
export interface OutletLoggerOptions {
  readonly resource: PlainResource;
  readonly scope: InstrumentationScope;
  readonly sink: LogSink;
}

/**
 * A logger that puts records directly into the outlet. The SDK's serialisers give the same bytes for them as for the
 * SDK's own records, but making one costs a twentieth: attributes are checked in one pass and copied as a whole.
 */
export class OutletLogger implements Logger {
  readonly #resource: PlainResource;
  readonly #scope: InstrumentationScope;
  readonly #sink: LogSink;
  /** The span context that was checked last. Consecutive records mostly come from the same span. */
  #lastSpanContext: SpanContext | undefined;
  #lastPlain: PlainSpanContext | undefined;

  constructor({ resource, scope, sink }: OutletLoggerOptions) {
    this.#resource = resource;
    this.#scope = scope;
    this.#sink = sink;
  }

  emit(record: LogRecord): void {
    try {
      this.#sink.push(this.#build(record));
    } catch (error) {
      refused('a log record', error);
    }
  }

  enabled(): boolean {
    return true;
  }

  #build(record: LogRecord): PlainLogRecord & { readonly attributeBytes: number | undefined } {
    const { timestamp, observedTimestamp, exception, severityNumber, severityText, eventName } = record;
    const body: AnyValue = record.body;
    const now = timestamp === undefined || observedTimestamp === undefined ? hrTimeFromMillis(Date.now()) : undefined;
    const hrTime: HrTime = timestamp === undefined ? (now ?? [0, 0]) : hrTimeFromInput(timestamp);
    let hrTimeObserved = now ?? hrTime;
    // Both are mostly the same moment, which is then converted only once.
    if (observedTimestamp === timestamp) hrTimeObserved = hrTime;
    else if (observedTimestamp !== undefined) hrTimeObserved = hrTimeFromInput(observedTimestamp);

    let attributes: Attributes = record.attributes ?? {};
    let droppedAttributesCount = 0;
    if (exception !== undefined && exception !== null) {
      attributes = { ...attributes, ...exceptionAttributes(exception, attributes) };
    }
    const attributeBytes = sizeOrNone(attributes);
    if (attributeBytes >= 0) {
      attributes = { ...attributes };
    } else {
      const kept = keepAttributes(attributes);
      attributes = kept.attributes;
      droppedAttributesCount = kept.droppedCount;
    }
    // Fields are present even if undefined, so that all records have one shape.
    return {
      hrTime,
      hrTimeObserved,
      spanContext: this.#spanContext(record.context ?? context.active()),
      severityText: textOrNone(severityText),
      severityNumber: severityOrNone(severityNumber),
      body: keptBody(body),
      eventName: textOrNone(eventName),
      resource: this.#resource,
      instrumentationScope: this.#scope,
      attributes,
      droppedAttributesCount,
      attributeBytes: attributeBytes < 0 ? undefined : attributeBytes,
    };
  }

  #spanContext(active: Context): PlainSpanContext | undefined {
    const spanContext = trace.getSpanContext(active);
    if (spanContext === undefined) return undefined;
    if (spanContext !== this.#lastSpanContext) {
      this.#lastPlain = isSpanContextValid(spanContext) ? plainSpanContext(spanContext) : undefined;
      this.#lastSpanContext = spanContext;
    }
    return this.#lastPlain;
  }
}

/** -1 also if an attribute throws when it is read; `keepAttributes` then leaves out only that one. */
function sizeOrNone(attributes: Attributes): number {
  try {
    return simpleSize(attributes);
  } catch {
    return -1;
  }
}
