import type { LogRecord, Span, Telemetry } from './telemetry.ts';
import { textAttribute } from './telemetry.ts';

/** The contents of one trace so far. */
export interface TraceData {
  readonly traceId: string;
  readonly spans: ReadonlyMap<string, Span>;
  readonly logs: readonly LogRecord[];
}

/** How much a store keeps. */
export interface StoreLimits {
  /** Spans and log records together. */
  readonly maxItems: number;
  /** Rough size in memory. */
  readonly maxBytes: number;
}

/** How much a store has dropped. */
export interface Forgotten {
  readonly sessions: number;
  readonly spans: number;
  readonly logs: number;
}

export const DEFAULT_LIMITS: StoreLimits = { maxItems: 300_000, maxBytes: 256 * 1024 * 1024 };

/** Above a limit, the store shrinks to this share of it, so that it does not shrink at each arrival. */
const KEPT_SHARE = 0.9;
const ITEM_BYTES = 400;

/** Telemetry of one trace, or of one session outside of any trace. */
interface Bucket {
  readonly spans: Map<string, Span>;
  readonly logs: LogRecord[];
  session: string | undefined;
  lastMillis: number;
  bytes: number;
}

/**
 * Keeps what arrived, each span once, within limits. Above them, the oldest sessions are dropped, then the oldest traces of
 * the last session, then new arrivals.
 */
export class TelemetryStore {
  readonly #limits: StoreLimits;
  readonly #traces = new Map<string, Bucket>();
  /** By session: Codex sends some records, e.g. of stream events, outside of any span. */
  readonly #loose = new Map<string, Bucket>();
  #items = 0;
  #bytes = 0;
  #forgotten = { sessions: 0, spans: 0, logs: 0 };

  constructor(limits: StoreLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  get forgotten(): Forgotten {
    return { ...this.#forgotten };
  }

  get counts(): { readonly items: number; readonly bytes: number } {
    return { items: this.#items, bytes: this.#bytes };
  }

  /** Adds what arrived. */
  add(telemetry: Telemetry): void {
    for (const span of telemetry.spans) this.#addSpan(span);
    for (const record of telemetry.logs) this.#addLog(record);
    if (this.#isOver(1)) this.#makeRoom();
  }

  trace(traceId: string): TraceData | undefined {
    const bucket = this.#traces.get(traceId);
    return bucket && { traceId, spans: bucket.spans, logs: bucket.logs };
  }

  traceIds(): readonly string[] {
    return [...this.#traces.keys()];
  }

  /** Records of a session that belong to no trace, in order of arrival. */
  looseLogs(session: string): readonly LogRecord[] {
    return this.#loose.get(session)?.logs ?? [];
  }

  /** Everything, in no particular order. */
  all(): Pick<Telemetry, 'spans' | 'logs'> {
    const buckets = [...this.#traces.values(), ...this.#loose.values()];
    return {
      spans: buckets.flatMap((bucket) => [...bucket.spans.values()]),
      logs: buckets.flatMap((bucket) => bucket.logs),
    };
  }

  #addSpan(span: Span): void {
    const bucket = bucketOf(this.#traces, span.traceId);
    // Delivery is at least once: a span may come again.
    if (bucket.spans.has(span.spanId)) return;
    bucket.spans.set(span.spanId, span);
    this.#count(bucket, span.endMillis, spanBytes(span));
    if (span.name.startsWith('session_task.')) bucket.session ??= textAttribute(span.attributes, 'thread.id');
    bucket.session ??= sessionOf(span);
  }

  #addLog(record: LogRecord): void {
    const session = sessionOf(record);
    const bucket =
      record.traceId === undefined ? bucketOf(this.#loose, session ?? '') : bucketOf(this.#traces, record.traceId);
    bucket.logs.push(record);
    bucket.session ??= session;
    this.#count(bucket, record.timeMillis, logBytes(record));
  }

  #count(bucket: Bucket, timeMillis: number, bytes: number): void {
    bucket.bytes += bytes;
    bucket.lastMillis = Math.max(bucket.lastMillis, timeMillis);
    this.#items += 1;
    this.#bytes += bytes;
  }

  #isOver(share: number): boolean {
    return this.#items > this.#limits.maxItems * share || this.#bytes > this.#limits.maxBytes * share;
  }

  #makeRoom(): void {
    const lastSeen = new Map<string, number>();
    for (const { session = '', lastMillis } of [...this.#traces.values(), ...this.#loose.values()]) {
      lastSeen.set(session, Math.max(lastSeen.get(session) ?? 0, lastMillis));
    }
    // Telemetry without a session is dropped first, since it does not belong to turns.
    const oldestFirst = [...lastSeen].sort(([a, x], [b, y]) => Number(a !== '') - Number(b !== '') || x - y);
    const newest = oldestFirst.at(-1)?.[0];
    for (const [session] of oldestFirst) {
      if (!this.#isOver(KEPT_SHARE)) return;
      if (session === newest) break;
      this.#forgotten.sessions += session === '' ? 0 : 1;
      this.#forgetWhere((bucket) => (bucket.session ?? '') === session);
    }
    const byAge = [...this.#traces.values()].sort((a, b) => a.lastMillis - b.lastMillis);
    for (const oldest of byAge) {
      if (!this.#isOver(KEPT_SHARE)) return;
      this.#forgetWhere((bucket) => bucket === oldest);
    }
    if (this.#isOver(KEPT_SHARE)) this.#forgetWhere(() => true);
  }

  #forgetWhere(matches: (bucket: Bucket) => boolean): void {
    for (const buckets of [this.#traces, this.#loose]) {
      for (const [key, bucket] of buckets) {
        if (!matches(bucket)) continue;
        buckets.delete(key);
        this.#items -= bucket.spans.size + bucket.logs.length;
        this.#bytes -= bucket.bytes;
        this.#forgotten.spans += bucket.spans.size;
        this.#forgotten.logs += bucket.logs.length;
      }
    }
  }
}

function bucketOf(buckets: Map<string, Bucket>, key: string): Bucket {
  const known = buckets.get(key);
  if (known !== undefined) return known;
  const made: Bucket = { spans: new Map(), logs: [], session: undefined, lastMillis: 0, bytes: 0 };
  buckets.set(key, made);
  return made;
}

/** The conversation of an item. */
export function sessionOf({ attributes }: Pick<Span, 'attributes'>): string | undefined {
  return textAttribute(attributes, 'conversation.id') ?? textAttribute(attributes, 'gen_ai.conversation.id');
}

function spanBytes(span: Span): number {
  const events = span.events.reduce((sum, event) => sum + ITEM_BYTES + attributeBytes(event.attributes), 0);
  return ITEM_BYTES + 2 * (span.name.length + span.statusMessage.length) + attributeBytes(span.attributes) + events;
}

function logBytes(record: LogRecord): number {
  return ITEM_BYTES + 2 * (record.name.length + record.body.length) + attributeBytes(record.attributes);
}

function attributeBytes(attributes: Span['attributes']): number {
  let bytes = 0;
  for (const [key, value] of Object.entries(attributes)) {
    bytes += 16 + 2 * key.length + (typeof value === 'string' ? 2 * value.length : 8);
  }
  return bytes;
}
