import type { Attributed, RawAttributed } from './otlp-value.ts';
import { attributed } from './otlp-value.ts';
import type { Origin, RawScopeGroup } from './received-resource.ts';
import { hexId, scopeGroups } from './received-resource.ts';

/** A span's kind, by name. */
export type ReceivedSpanKind = 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** An event on a span. */
export interface ReceivedSpanEvent extends Attributed {
  readonly name: string;
  readonly timeUnixNano: bigint;
}

/** A link from a span to another. */
export interface ReceivedSpanLink extends Attributed {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly flags: number;
}

/** One span as it arrived. */
export interface ReceivedSpan extends Attributed, Origin {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly traceState: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: ReceivedSpanKind;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  readonly events: readonly ReceivedSpanEvent[];
  readonly links: readonly ReceivedSpanLink[];
  readonly status: { readonly code: 'unset' | 'ok' | 'error'; readonly message: string };
  readonly droppedEventsCount: number;
  readonly droppedLinksCount: number;
}

interface RawSpan extends RawAttributed {
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly parentSpanId: Uint8Array;
  readonly traceState: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly events: readonly (RawAttributed & { readonly name: string; readonly timeUnixNano: string })[];
  readonly links: readonly (RawAttributed & {
    readonly traceId: Uint8Array;
    readonly spanId: Uint8Array;
    readonly traceState: string;
    readonly flags: number;
  })[];
  readonly status?: { readonly code: number; readonly message: string } | null;
  readonly droppedEventsCount: number;
  readonly droppedLinksCount: number;
}

/** An `ExportTraceServiceRequest` as the protobuf library gives it. */
export interface RawTraces {
  readonly resourceSpans: readonly {
    readonly resource?: RawAttributed | null;
    readonly schemaUrl: string;
    readonly scopeSpans: readonly (RawScopeGroup & { readonly spans: readonly RawSpan[] })[];
  }[];
}

const KINDS: readonly ReceivedSpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const STATUS_CODES = ['unset', 'ok', 'error'] as const;

/** The spans of one request, in order. */
export function receivedSpans(raw: RawTraces, requestIndex: number): readonly ReceivedSpan[] {
  const resourceGroups = raw.resourceSpans.map((group) => ({ ...group, groups: group.scopeSpans }));
  return [...scopeGroups(resourceGroups, requestIndex)].flatMap(([origin, { spans }]) =>
    spans.map((span) => receivedSpan(span, origin)),
  );
}

function receivedSpan(raw: RawSpan, origin: Origin): ReceivedSpan {
  return {
    ...attributed(raw),
    ...origin,
    traceId: hexId(raw.traceId) ?? '',
    spanId: hexId(raw.spanId) ?? '',
    parentSpanId: hexId(raw.parentSpanId),
    traceState: raw.traceState,
    flags: raw.flags,
    name: raw.name,
    kind: KINDS[raw.kind] ?? 'unspecified',
    startTimeUnixNano: BigInt(raw.startTimeUnixNano),
    endTimeUnixNano: BigInt(raw.endTimeUnixNano),
    events: raw.events.map((event) => ({
      ...attributed(event),
      name: event.name,
      timeUnixNano: BigInt(event.timeUnixNano),
    })),
    links: raw.links.map((link) => ({
      ...attributed(link),
      traceId: hexId(link.traceId) ?? '',
      spanId: hexId(link.spanId) ?? '',
      traceState: link.traceState,
      flags: link.flags,
    })),
    status: { code: STATUS_CODES[raw.status?.code ?? 0] ?? 'unset', message: raw.status?.message ?? '' },
    droppedEventsCount: raw.droppedEventsCount,
    droppedLinksCount: raw.droppedLinksCount,
  };
}
