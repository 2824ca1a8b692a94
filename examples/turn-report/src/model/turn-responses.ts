import type { SpanIndex } from './span-index.ts';
import { isRequest } from './span-roles.ts';
import type { Span } from './telemetry.ts';
import { numberAttribute, textAttribute } from './telemetry.ts';
import type { ModelResponse } from './turn.ts';
import { isChatSpan, responseUsage, sumUsage } from './usage.ts';

/**
 * The model's responses among a turn's own spans. A response is a `chat` span, or else a `receiving_stream`, or, until that
 * arrives, the `handle_responses` spans with the same parent.
 */
export function findResponses(spans: readonly Span[], index: SpanIndex): readonly ModelResponse[] {
  const parts = new Map<string, { span: Span | undefined; events: Span[] }>();
  const partOf = (id: string) => {
    const known = parts.get(id) ?? { span: undefined, events: [] };
    parts.set(id, known);
    return known;
  };
  for (const span of spans) {
    if (span.name === 'receiving_stream' || isChatSpan(span)) partOf(span.spanId).span = span;
    if (span.name === 'handle_responses') partOf(span.parentSpanId ?? span.spanId).events.push(span);
  }
  // A stream within a chat span is the same response, and either may carry its usage.
  for (const [id, part] of parts) {
    const within = part.span ?? part.events[0];
    const chat = within && index.lineOf(within).slice(1).find(isChatSpan);
    const outer = chat && parts.get(chat.spanId);
    if (outer === undefined || outer === part) continue;
    outer.events.push(...part.events);
    parts.delete(id);
  }
  const nextRequest = requestFinder(index);
  return [...parts]
    .map(([id, part]) => ({ id, ...part, startMillis: startOf(part.span, part.events) }))
    .sort((a, b) => a.startMillis - b.startMillis)
    .map(({ id, span, events, startMillis }) => {
      events.sort((a, b) => a.startMillis - b.startMillis);
      const request = nextRequest(span ?? events[0], startMillis);
      const waitedSince = Math.min(request?.startMillis ?? startMillis, startMillis);
      const endMillis = span?.endMillis ?? Math.max(...events.map((event) => event.endMillis));
      const first = firstToken(span, events);
      const ids = [...(span === undefined ? [] : [span]), ...events];
      return {
        spanId: id,
        startMillis: waitedSince,
        firstTokenMillis: first === undefined ? undefined : Math.min(Math.max(first, waitedSince), endMillis),
        endMillis,
        usage: (span && responseUsage(span)) ?? sumUsage(events.map(responseUsage)),
        responseId: ids.map(({ attributes }) => textAttribute(attributes, 'gen_ai.response.id')).find(isText),
        requestSpanId: request?.spanId,
      };
    });
}

function startOf(span: Span | undefined, events: readonly Span[]): number {
  return span?.startMillis ?? Math.min(...events.map((event) => event.startMillis));
}

/** Clocks of spans are read at different moments, some in whole milliseconds. */
const SLACK_MILLIS = 5;

/** Finds the request of a response: the last one next to it that began before it and has no other response. */
function requestFinder(index: SpanIndex): (span: Span | undefined, startMillis: number) => Span | undefined {
  const byParent = new Map<string, { readonly requests: readonly Span[]; taken: number }>();
  return (span, startMillis) => {
    const stream = span?.name === 'handle_responses' ? index.spans.get(span.parentSpanId ?? '') : span;
    const parent = stream?.parentSpanId;
    if (parent === undefined) return undefined;
    const state = byParent.get(parent) ?? { requests: index.childrenOf(parent).filter(isRequest), taken: 0 };
    byParent.set(parent, state);
    let next = state.taken;
    while ((state.requests[next]?.startMillis ?? Number.POSITIVE_INFINITY) <= startMillis + SLACK_MILLIS) next += 1;
    if (next === state.taken) return undefined;
    state.taken = next;
    return state.requests[next - 1];
  };
}

function firstToken(span: Span | undefined, events: readonly Span[]): number | undefined {
  const ttft = span && numberAttribute(span.attributes, 'codex.stream.ttft_ms');
  if (span !== undefined && ttft !== undefined) return span.startMillis + ttft;
  const toFirstChunk = span && numberAttribute(span.attributes, 'gen_ai.response.time_to_first_chunk');
  if (span !== undefined && toFirstChunk !== undefined) return span.startMillis + toFirstChunk * 1000;
  // Codex has no such attribute. Its spans last as long as the wait for an event, so the first item's span ends with the first output.
  return events.find(({ attributes }) => textAttribute(attributes, 'from') === 'output_item_added')?.endMillis;
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}
