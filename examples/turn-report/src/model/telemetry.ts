/** An attribute's value. Arrays, maps and bytes are JSON strings. */
export type AttributeValue = string | number | boolean;

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** An event on a span. */
export interface SpanEvent {
  /** `event.name` if the event has one, else the event's own name. */
  readonly name: string;
  readonly timeMillis: number;
  readonly attributes: Attributes;
}

/** A span for the page. Times are Unix milliseconds with a fraction; a double is exact to a quarter of a microsecond. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly name: string;
  readonly service: string;
  readonly startMillis: number;
  readonly endMillis: number;
  readonly failed: boolean;
  readonly statusMessage: string;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
}

/** A log record for the page. */
export interface LogRecord {
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
  /** `event.name` if the record has one, else its own event name. */
  readonly name: string;
  readonly timeMillis: number;
  readonly severity: string;
  readonly body: string;
  readonly attributes: Attributes;
}

/** Spans and log records that arrived together. */
export interface Telemetry {
  readonly spans: readonly Span[];
  readonly logs: readonly LogRecord[];
  /** Metric points are only counted: the page shows turns, whose numbers are on spans. */
  readonly metricPoints: number;
  /** How many items were left out because they have no usable id, name or time. */
  readonly unusable: number;
}

export const NO_TELEMETRY: Telemetry = { spans: [], logs: [], metricPoints: 0, unusable: 0 };

/** The attribute if it is a string that is not empty. */
export function textAttribute(attributes: Attributes, key: string): string | undefined {
  const value = attributes[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The attribute as a number; Codex sends some numbers as text. */
export function numberAttribute(attributes: Attributes, key: string): number | undefined {
  const value = attributes[key];
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Both together. */
export function joinTelemetry(parts: readonly Telemetry[]): Telemetry {
  return {
    spans: parts.flatMap((part) => part.spans),
    logs: parts.flatMap((part) => part.logs),
    metricPoints: parts.reduce((sum, part) => sum + part.metricPoints, 0),
    unusable: parts.reduce((sum, part) => sum + part.unusable, 0),
  };
}
