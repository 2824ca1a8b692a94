import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { PlainLogRecord } from './signal-items.ts';
import type { ResourceView } from './sized-views.ts';

/** A log record as the protobuf serialiser reads it. */
export class LogRecordView {
  readonly resource: ResourceView;
  readonly #record: PlainLogRecord;

  constructor(record: PlainLogRecord, resource: ResourceView) {
    this.resource = resource;
    this.#record = record;
  }

  get hrTime(): PlainLogRecord['hrTime'] {
    return this.#record.hrTime;
  }

  get hrTimeObserved(): PlainLogRecord['hrTimeObserved'] {
    return this.#record.hrTimeObserved;
  }

  get severityNumber(): PlainLogRecord['severityNumber'] {
    return this.#record.severityNumber;
  }

  get severityText(): PlainLogRecord['severityText'] {
    return this.resource.isSizing ? undefined : this.#record.severityText;
  }

  get body(): PlainLogRecord['body'] {
    return this.resource.isSizing ? undefined : this.#record.body;
  }

  get attributes(): PlainLogRecord['attributes'] {
    return this.resource.isSizing ? this.resource.placeholder : this.#record.attributes;
  }

  get droppedAttributesCount(): number {
    return this.#record.droppedAttributesCount;
  }

  get spanContext(): PlainLogRecord['spanContext'] {
    return this.resource.isSizing ? undefined : this.#record.spanContext;
  }

  get eventName(): string | undefined {
    return this.resource.isSizing ? undefined : this.#record.eventName;
  }

  get instrumentationScope(): ReadableLogRecord['instrumentationScope'] {
    return this.#record.instrumentationScope;
  }
}
