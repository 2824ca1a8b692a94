import type { Span } from './telemetry.ts';

/** The spans of one trace by their place in the tree. Parents may be missing, and cycles are harmless. */
export interface SpanIndex {
  readonly spans: ReadonlyMap<string, Span>;
  /** By start. */
  childrenOf(spanId: string): readonly Span[];
  /** The span and its known ancestors, from the inside out. */
  lineOf(span: Span): readonly Span[];
}

export function indexSpans(spans: ReadonlyMap<string, Span>): SpanIndex {
  const children = new Map<string, Span[]>();
  for (const span of spans.values()) {
    if (span.parentSpanId === undefined || span.parentSpanId === span.spanId) continue;
    const siblings = children.get(span.parentSpanId);
    if (siblings === undefined) children.set(span.parentSpanId, [span]);
    else siblings.push(span);
  }
  for (const siblings of children.values()) siblings.sort(byStart);
  return {
    spans,
    childrenOf: (spanId) => children.get(spanId) ?? [],
    lineOf(span) {
      const seen = new Set<Span>();
      let at: Span | undefined = span;
      while (at !== undefined && !seen.has(at)) {
        seen.add(at);
        at = at.parentSpanId === undefined ? undefined : spans.get(at.parentSpanId);
      }
      return [...seen];
    },
  };
}

export function byStart(a: Span, b: Span): number {
  return a.startMillis - b.startMillis || b.endMillis - a.endMillis;
}
