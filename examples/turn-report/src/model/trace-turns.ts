import type { SpanIndex } from './span-index.ts';
import { isTurnSpan, isTurnWork } from './span-roles.ts';
import type { Span } from './telemetry.ts';
import { textAttribute } from './telemetry.ts';

/** The spans of one turn, before anything is read from them. */
export interface TurnSpans {
  readonly key: string;
  readonly traceId: string;
  readonly turnId: string | undefined;
  readonly root: Span | undefined;
  readonly parentKey: string | undefined;
  /** Its spans without those of nested turns. */
  readonly own: readonly Span[];
  /** Those of {@link own} whose parent has not arrived. */
  readonly orphans: readonly Span[];
}

/** Stays the same while more of a turn arrives. */
export function turnKey(traceId: string, turnId: string): string {
  return `${traceId}/${turnId}`;
}

interface Collected {
  readonly turnId: string | undefined;
  readonly root: Span | undefined;
  readonly parentKey: string | undefined;
  readonly own: Span[];
  readonly orphans: Span[];
}

/**
 * Splits a trace into turns. A turn is its span with all descendants. Spans end, and so arrive, before their parents, so work
 * without a known turn is an open turn, or belongs to the turn that ran at its time.
 *
 * @param openTurnId - The id of a turn that is open according to log records.
 */
export function turnsOfTrace(traceId: string, index: SpanIndex, openTurnId?: string | undefined): readonly TurnSpans[] {
  const turns = new Map<string, Collected>();
  const keyOf = (turnId: string) => turnKey(traceId, turnId);
  const rootKeys = new Map<string, string>();
  for (const span of index.spans.values()) {
    if (!isTurnSpan(span)) continue;
    const turnId = textAttribute(span.attributes, 'turn.id') ?? span.spanId;
    // Two spans with the same turn id would be one turn, so the second gets its own id.
    const key = turns.has(keyOf(turnId)) ? keyOf(span.spanId) : keyOf(turnId);
    turns.set(key, { turnId, root: span, parentKey: undefined, own: [], orphans: [] });
    rootKeys.set(span.spanId, key);
  }
  const strays = new Map<string, Span[]>();
  for (const { span, owner, top } of withOwners(index, rootKeys)) {
    const isRoot = rootKeys.has(span.spanId);
    const key = isRoot ? rootKeys.get(span.spanId) : owner;
    const turn = key === undefined ? undefined : turns.get(key);
    if (turn !== undefined && key !== undefined) {
      if (isRoot) turns.set(key, { ...turn, parentKey: owner });
      turns.get(key)?.own.push(span);
    } else {
      const tree = strays.get(top.spanId);
      if (tree === undefined) strays.set(top.spanId, [span]);
      else tree.push(span);
    }
  }
  for (const tree of strays.values()) {
    const [top] = tree;
    if (top === undefined || !tree.some(isTurnWork)) continue;
    const turnId = tree.map(({ attributes }) => idOf(attributes)).find((id) => id !== undefined);
    const key =
      (turnId === undefined ? undefined : keyOf(turnId)) ??
      keyAt(turns, top.startMillis) ??
      keyOf(openTurnId ?? 'open');
    const turn = turns.get(key) ?? {
      turnId: turnId ?? openTurnId,
      root: undefined,
      parentKey: undefined,
      own: [],
      orphans: [],
    };
    turns.set(key, turn);
    turn.own.push(...tree);
    turn.orphans.push(top);
  }
  return [...turns].map(([key, turn]) => ({ key, traceId, ...turn }));
}

/** Each span with its turn and its outermost known ancestor, parents before children. */
function* withOwners(
  index: SpanIndex,
  rootKeys: ReadonlyMap<string, string>,
): Generator<{ readonly span: Span; readonly owner: string | undefined; readonly top: Span }> {
  const known = new Map<string, { readonly owner: string | undefined; readonly top: Span }>();
  for (const start of index.spans.values()) {
    // Up to a known ancestor, then down again: parents come first, and deep trees cost nothing extra.
    const line: Span[] = [];
    const climbed = new Set<string>();
    let at: Span | undefined = start;
    while (at !== undefined && !known.has(at.spanId) && !climbed.has(at.spanId)) {
      climbed.add(at.spanId);
      line.push(at);
      at = at.parentSpanId === undefined ? undefined : index.spans.get(at.parentSpanId);
    }
    for (const span of line.reverse()) {
      const above = span.parentSpanId === undefined ? undefined : known.get(span.parentSpanId);
      const owner = rootKeys.get(span.parentSpanId ?? '') ?? above?.owner;
      const place = { owner: above === undefined ? undefined : owner, top: above?.top ?? span };
      known.set(span.spanId, place);
      yield { span, ...place };
    }
  }
}

/** The innermost finished turn that ran at a time. */
function keyAt(turns: ReadonlyMap<string, Collected>, timeMillis: number): string | undefined {
  const running = [...turns].filter(
    ([, { root }]) => root !== undefined && root.startMillis <= timeMillis && timeMillis <= root.endMillis,
  );
  return running.sort(([, a], [, b]) => (b.root?.startMillis ?? 0) - (a.root?.startMillis ?? 0))[0]?.[0];
}

function idOf(attributes: Span['attributes']): string | undefined {
  return textAttribute(attributes, 'turn.id') ?? textAttribute(attributes, 'turn_id');
}
