import type { AttributeValue, LogRecord, Span, SpanEvent, Telemetry } from './telemetry.ts';

/** How many characters of a text are kept. Longer ones are truncated, with a note of their length. */
export const MAX_TEXT_LENGTH = 16_384;
const MAX_ATTRIBUTES = 256;
const MAX_EVENTS = 512;
/** How deep maps and arrays may be nested in a value. */
const MAX_DEPTH = 16;
const ERROR_STATUS: readonly unknown[] = [2, 'STATUS_CODE_ERROR'];

/**
 * Reads what an OTLP exporter sends: the JSON form of a request for any of the three signals, or the same as plain objects
 * with ids as bytes. Fields in snake_case are read too. Anything else is ignored and counted. It never throws, since a file
 * or a peer can contain anything.
 */
export function parseOtlp(request: unknown): Telemetry {
  const spans: Span[] = [];
  const logs: LogRecord[] = [];
  let metricPoints = 0;
  let unusable = 0;
  const keep = <T>(list: T[], item: T | undefined): void => {
    if (item === undefined) unusable += 1;
    else list.push(item);
  };
  for (const group of list(request, 'resourceSpans')) {
    const service = serviceName(group);
    for (const scope of list(group, 'scopeSpans')) {
      for (const span of list(scope, 'spans')) keep(spans, parseSpan(span, service));
    }
  }
  for (const group of list(request, 'resourceLogs')) {
    for (const scope of list(group, 'scopeLogs')) {
      for (const record of list(scope, 'logRecords')) keep(logs, parseLogRecord(record));
    }
  }
  for (const group of list(request, 'resourceMetrics')) {
    for (const scope of list(group, 'scopeMetrics')) {
      for (const metric of list(scope, 'metrics')) metricPoints += countPoints(metric);
    }
  }
  return { spans, logs, metricPoints, unusable };
}

/** A text of at most {@link MAX_TEXT_LENGTH} characters. */
export function shortText(text: string): string {
  if (text.length <= MAX_TEXT_LENGTH) return text;
  return `${text.slice(0, MAX_TEXT_LENGTH)}… (${text.length.toLocaleString('en')} characters)`;
}

function parseSpan(raw: unknown, service: string): Span | undefined {
  const traceId = hexId(field(raw, 'traceId'), 32);
  const spanId = hexId(field(raw, 'spanId'), 16);
  const startMillis = millis(field(raw, 'startTimeUnixNano'));
  if (traceId === undefined || spanId === undefined || startMillis === undefined) return undefined;
  const status = field(raw, 'status');
  return {
    traceId,
    spanId,
    parentSpanId: hexId(field(raw, 'parentSpanId'), 16),
    name: textOf(field(raw, 'name')),
    service,
    startMillis,
    // A span that ends before it starts is drawn as a moment.
    endMillis: Math.max(millis(field(raw, 'endTimeUnixNano')) ?? startMillis, startMillis),
    failed: ERROR_STATUS.includes(field(status, 'code')),
    statusMessage: textOf(field(status, 'message')),
    attributes: parseAttributes(raw),
    events: list(raw, 'events').slice(0, MAX_EVENTS).map(parseEvent),
  };
}

function parseEvent(raw: unknown): SpanEvent {
  const attributes = parseAttributes(raw);
  return {
    name: eventName(attributes, field(raw, 'name')),
    timeMillis: millis(field(raw, 'timeUnixNano')) ?? 0,
    attributes,
  };
}

function parseLogRecord(raw: unknown): LogRecord | undefined {
  const timeMillis = millis(field(raw, 'timeUnixNano')) ?? millis(field(raw, 'observedTimeUnixNano'));
  if (timeMillis === undefined) return undefined;
  const attributes = parseAttributes(raw);
  const body = plainValue(field(raw, 'body'));
  return {
    traceId: hexId(field(raw, 'traceId'), 32),
    spanId: hexId(field(raw, 'spanId'), 16),
    name: eventName(attributes, field(raw, 'eventName')),
    timeMillis,
    severity: textOf(field(raw, 'severityText')),
    body: body === undefined ? '' : String(body),
    attributes,
  };
}

function eventName(attributes: Readonly<Record<string, AttributeValue>>, otherwise: unknown): string {
  const name = attributes['event.name'];
  return typeof name === 'string' && name !== '' ? name : textOf(otherwise);
}

function serviceName(group: unknown): string {
  const name = parseAttributes(field(group, 'resource'))['service.name'];
  return typeof name === 'string' ? name : '';
}

function countPoints(metric: unknown): number {
  const kinds = ['sum', 'gauge', 'histogram', 'exponentialHistogram', 'summary'];
  return kinds.reduce((count, kind) => count + list(field(metric, kind), 'dataPoints').length, 0);
}

/** If a key is repeated, the last value counts: Codex sends `thread.id` as the number of a worker, then as a text. */
function parseAttributes(raw: unknown): Readonly<Record<string, AttributeValue>> {
  const entries = new Map<string, AttributeValue>();
  for (const pair of list(raw, 'attributes').slice(0, MAX_ATTRIBUTES)) {
    const key = field(pair, 'key');
    const value = plainValue(field(pair, 'value'));
    if (typeof key === 'string' && value !== undefined) entries.set(shortText(key), value);
  }
  return Object.fromEntries(entries);
}

/** An `AnyValue`; `undefined` if there is none. */
function plainValue(raw: unknown): AttributeValue | undefined {
  const value = anyValue(raw, 0);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') return shortText(JSON.stringify(value));
  return typeof value === 'string' ? shortText(value) : value;
}

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };

function anyValue(raw: unknown, depth: number): Json {
  if (typeof raw !== 'object' || raw === null || depth > MAX_DEPTH) return undefined;
  const text = field(raw, 'stringValue');
  if (typeof text === 'string') return text;
  const truth = field(raw, 'boolValue');
  if (typeof truth === 'boolean') return truth;
  const whole = field(raw, 'intValue');
  if (typeof whole === 'string' || typeof whole === 'number') {
    const number = Number(whole);
    return Number.isSafeInteger(number) ? number : String(whole);
  }
  const double = field(raw, 'doubleValue');
  if (typeof double === 'number') return Number.isFinite(double) ? double : String(double);
  // JSON has no other way to write NaN and the infinities.
  if (typeof double === 'string') return double;
  const bytes = field(raw, 'bytesValue');
  if (typeof bytes === 'string') return bytes;
  if (bytes instanceof Uint8Array) return hexOf(bytes);
  const array = field(raw, 'arrayValue');
  if (array !== undefined && array !== null)
    return list(array, 'values').map((item) => anyValue(item, depth + 1) ?? null);
  const map = field(raw, 'kvlistValue');
  if (map === undefined || map === null) return undefined;
  const pairs = list(map, 'values').map((pair) => [
    textOf(field(pair, 'key')),
    anyValue(field(pair, 'value'), depth + 1) ?? null,
  ]);
  return Object.fromEntries(pairs);
}

/** Unix nanoseconds as milliseconds; `undefined` for zero, which OTLP uses for "unknown". */
function millis(nanos: unknown): number | undefined {
  if (typeof nanos === 'string' && /^\d{1,20}$/.test(nanos)) {
    // In two parts, or the nanoseconds would be rounded before the division.
    const whole = nanos.length > 6 ? Number(nanos.slice(0, -6)) : 0;
    const value = whole + Number(nanos.slice(-6)) / 1e6;
    return value > 0 ? value : undefined;
  }
  return typeof nanos === 'number' && Number.isFinite(nanos) && nanos > 0 ? nanos / 1e6 : undefined;
}

function hexId(raw: unknown, digits: number): string | undefined {
  const id = raw instanceof Uint8Array ? hexOf(raw) : raw;
  if (typeof id !== 'string' || id.length !== digits || !/^[0-9a-f]+$/i.test(id) || /^0+$/.test(id)) return undefined;
  return id.toLowerCase();
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? shortText(value) : '';
}

function list(holder: unknown, name: string): readonly unknown[] {
  const value = field(holder, name);
  return Array.isArray(value) ? value : [];
}

/** A field by its JSON name, or by its protobuf name. */
function field(holder: unknown, name: string): unknown {
  if (typeof holder !== 'object' || holder === null) return undefined;
  const value: unknown = Reflect.get(holder, name);
  return value === undefined
    ? Reflect.get(
        holder,
        name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      )
    : value;
}
