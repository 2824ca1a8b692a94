import type { TokenUsage } from '@codex-otel/token-usage';
import type { SpanIndex } from './span-index.ts';
import { byStart, indexSpans } from './span-index.ts';
import { isRequest, isTurnSpan } from './span-roles.ts';
import type { Span } from './telemetry.ts';
import { numberAttribute, textAttribute } from './telemetry.ts';
import type { ModelResponse, ToolCall, Turn, Wait } from './turn.ts';

/** What a row of the waterfall represents. A `span` is plumbing, which is shown on request. */
export type RowKind = 'turn' | 'response' | 'request' | 'tool' | 'wait' | 'span';

/** A row of the waterfall, with its children. */
export interface RowNode {
  readonly id: string;
  readonly kind: RowKind;
  readonly label: string;
  /** Distinguishes it from others with the same label. */
  readonly detail: string;
  readonly startMillis: number;
  /** When streaming begins, for a response. */
  readonly firstTokenMillis: number | undefined;
  readonly endMillis: number;
  readonly failed: boolean;
  readonly usage: TokenUsage | undefined;
  readonly span: Span | undefined;
  readonly tool: ToolCall | undefined;
  readonly wait: Wait | undefined;
  readonly children: readonly RowNode[];
}

/** A visible row. */
export interface VisibleRow {
  readonly node: RowNode;
  /** The level in the tree, from 1. */
  readonly level: number;
  /** How many plumbing rows below it are hidden. */
  readonly hidden: number;
  /** `undefined` for a row without children. */
  readonly expanded: boolean | undefined;
}

/** Which parts of the tree are shown. */
export interface Folding {
  /** Whether all plumbing is shown. */
  readonly all: boolean;
  /** Rows whose plumbing is shown. */
  readonly unfolded: ReadonlySet<string>;
  /** Rows whose children are not shown. */
  readonly collapsed: ReadonlySet<string>;
}

/** The rows of a turn. The turns of sub-agents are below the calls that started them. */
export function turnRows(turn: Turn, turns: readonly Turn[]): RowNode {
  const family = familyOf(turn, turns);
  const spans = new Map(family.flatMap((member) => member.spans.map((span) => [span.spanId, span] as const)));
  const index = indexSpans(spans);
  const facts = new RowFacts(family);
  const nodes = new Map<string, RowNode & { readonly children: RowNode[] }>();
  for (const span of [...spans.values()].sort(byStart)) nodes.set(span.spanId, rowOf(span, facts, index));
  const root = nodes.get(turn.root?.spanId ?? '') ?? openTurnRow(turn);
  const orphans = new Set(family.flatMap((member) => member.orphans.map(({ spanId }) => spanId)));
  for (const [id, node] of nodes) {
    if (node === root) continue;
    const parent = node.span?.parentSpanId === undefined ? undefined : nodes.get(node.span.parentSpanId);
    const home = facts.homeOf(id);
    const owner = orphans.has(id) || parent === undefined ? nodes.get(home ?? '') : parent;
    (owner ?? root).children.push(node);
  }
  for (const made of facts.rowsWithoutSpan()) (nodes.get(made.home ?? '') ?? root).children.push(made.row);
  for (const node of [root, ...nodes.values()]) node.children.sort((a, b) => a.startMillis - b.startMillis);
  return root;
}

/** The rows to show, in order: those of the turn's own tree, and plumbing that is unfolded. */
export function visibleRows(root: RowNode, { all, unfolded, collapsed }: Folding): readonly VisibleRow[] {
  const rows: VisibleRow[] = [];
  const hidden = new Map<string, number>();
  // Without recursion, since a hostile trace can be as deep as it has spans.
  const open: { readonly node: RowNode; readonly level: number; readonly into: RowNode }[] = [
    { node: root, level: 1, into: root },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, level, into } = next;
    const isShown = matters(node) || all || unfolded.has(into.id);
    if (isShown) rows.push({ node, level, hidden: 0, expanded: undefined });
    else hidden.set(into.id, (hidden.get(into.id) ?? 0) + 1);
    if (isShown && collapsed.has(node.id)) continue;
    const below = { level: isShown ? level + 1 : level, into: matters(node) ? node : into };
    for (const child of [...node.children].reverse()) open.push({ node: child, ...below });
  }
  return rows.map((row, index) => {
    const folded = hidden.get(row.node.id) ?? 0;
    const hasShownChildren = (rows[index + 1]?.level ?? 0) > row.level;
    const isCollapsed = collapsed.has(row.node.id) && row.node.children.length > 0;
    return { ...row, hidden: folded, expanded: isCollapsed ? false : hasShownChildren ? true : undefined };
  });
}

/** Whether a row is part of the turn's own tree; everything else is plumbing. */
export function matters({ kind, failed }: RowNode): boolean {
  return kind !== 'span' || failed;
}

/** How much plumbing a turn has. */
export function plumbingCount(root: RowNode): number {
  let count = 0;
  const open: RowNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!matters(node)) count += 1;
    open.push(...node.children);
  }
  return count;
}

/** A turn and the turns of its sub-agents. */
function familyOf(turn: Turn, turns: readonly Turn[]): readonly Turn[] {
  const family = new Map([[turn.key, turn]]);
  for (const member of family.values()) {
    for (const other of turns) if (other.parentKey === member.key) family.set(other.key, other);
  }
  return [...family.values()];
}

/** What is known about spans from elsewhere. */
class RowFacts {
  readonly responses = new Map<string, { readonly response: ModelResponse; readonly number: number }>();
  readonly tools = new Map<string, ToolCall>();
  /** Requests whose wait is shown as part of a response. */
  readonly answered = new Set<string>();
  readonly waits = new Map<string, Wait>();
  readonly #homes = new Map<string, string>();
  readonly #family: readonly Turn[];

  constructor(family: readonly Turn[]) {
    this.#family = family;
    for (const turn of family) {
      for (const [index, response] of turn.responses.entries()) {
        this.responses.set(response.spanId, { response, number: index + 1 });
        if (response.requestSpanId !== undefined) this.answered.add(response.requestSpanId);
      }
      for (const tool of turn.tools) if (tool.spanId !== undefined) this.tools.set(tool.spanId, tool);
      for (const wait of turn.waits) this.waits.set(wait.id, wait);
      const rootId = turn.root?.spanId;
      if (rootId !== undefined) for (const span of turn.spans) this.#homes.set(span.spanId, rootId);
    }
  }

  /** The span of the turn that a span belongs to. */
  homeOf(spanId: string): string | undefined {
    const home = this.#homes.get(spanId);
    return home === spanId ? undefined : home;
  }

  *rowsWithoutSpan(): Generator<{ readonly row: RowNode; readonly home: string | undefined }> {
    for (const turn of this.#family) {
      const home = turn.root?.spanId;
      const known = new Set(turn.spans.map(({ spanId }) => spanId));
      for (const tool of turn.tools) if (tool.spanId === undefined) yield { row: toolRow(tool, undefined), home };
      for (const wait of turn.waits)
        if (!known.has(wait.id)) yield { row: waitRow(wait, undefined), home: wait.callSpanId ?? home };
      for (const [index, response] of turn.responses.entries()) {
        if (!known.has(response.spanId)) yield { row: responseRow(response, index + 1, undefined), home };
      }
    }
  }
}

/** More than a request has. It limits the cost of hostile traces. */
const MAX_SPANS_OF_REQUEST = 64;

type Row = RowNode & { readonly children: RowNode[] };

function rowOf(span: Span, facts: RowFacts, index: SpanIndex): Row {
  const response = facts.responses.get(span.spanId);
  if (response !== undefined) return responseRow(response.response, response.number, span);
  const tool = facts.tools.get(span.spanId);
  if (tool !== undefined) return toolRow(tool, span);
  const wait = facts.waits.get(span.spanId);
  if (wait !== undefined) return waitRow(wait, span);
  const base = plainRow(span);
  if (isTurnSpan(span)) return { ...base, kind: 'turn' };
  if (isRequest(span)) {
    const statuses = attemptsOf(span, index);
    const failed = span.failed || (statuses.at(-1) ?? 0) >= 400;
    const isNoteworthy = failed || statuses.some((status) => status >= 400) || !facts.answered.has(span.spanId);
    const attempt = numberAttribute(span.attributes, 'attempt');
    const detail = [attempt === undefined ? '' : `attempt ${attempt}`, statuses.join(', ')].filter(
      (text) => text !== '',
    );
    return { ...base, kind: isNoteworthy ? 'request' : 'span', label: 'Request', detail: detail.join(': '), failed };
  }
  return base;
}

/** The HTTP statuses of a request, including its retries. */
function attemptsOf(request: Span, index: SpanIndex): readonly number[] {
  const statuses: number[] = [];
  const own = numberAttribute(request.attributes, 'http.response.status_code');
  if (own !== undefined) statuses.push(own);
  const open: Span[] = [request];
  let left = MAX_SPANS_OF_REQUEST;
  for (let span = open.pop(); span !== undefined && left > 0; span = open.pop()) {
    left -= 1;
    for (const event of span.events) {
      const status =
        event.name === 'codex.api_request' && numberAttribute(event.attributes, 'http.response.status_code');
      if (typeof status === 'number') statuses.push(status);
    }
    open.push(...index.childrenOf(span.spanId));
  }
  return statuses;
}

function plainRow(span: Span): Row {
  return {
    id: span.spanId,
    kind: 'span',
    label: span.name,
    detail: textAttribute(span.attributes, 'codex.response.event') ?? '',
    startMillis: span.startMillis,
    firstTokenMillis: undefined,
    endMillis: span.endMillis,
    failed: span.failed,
    usage: undefined,
    span,
    tool: undefined,
    wait: undefined,
    children: [],
  };
}

const NO_SPAN = { firstTokenMillis: undefined, usage: undefined, tool: undefined, wait: undefined, children: [] };

function responseRow(response: ModelResponse, number: number, span: Span | undefined): Row {
  const { spanId: id, startMillis, firstTokenMillis, endMillis, usage } = response;
  const failed = span?.failed ?? false;
  const times = { startMillis, firstTokenMillis, endMillis };
  return {
    ...NO_SPAN,
    children: [],
    id,
    kind: 'response',
    label: `Response ${number}`,
    detail: '',
    ...times,
    failed,
    usage,
    span,
  };
}

function toolRow(tool: ToolCall, span: Span | undefined): Row {
  const outcome = tool.success === undefined ? '' : tool.success ? 'succeeded' : 'failed';
  // A decision by configuration is normal, so it is not shown.
  const decision = tool.decision === 'approved by Config' ? '' : (tool.decision ?? '');
  const isDenied = decision.startsWith('denied');
  return {
    ...NO_SPAN,
    children: [],
    id: span?.spanId ?? `call:${tool.callId}`,
    kind: 'tool',
    label: tool.toolName,
    detail: [decision, isDenied ? '' : outcome].filter((text) => text !== '').join(', '),
    startMillis: tool.startMillis,
    endMillis: tool.endMillis,
    failed: tool.success === false,
    span,
    tool,
  };
}

function waitRow(wait: Wait, span: Span | undefined): Row {
  const { id, label, startMillis, endMillis } = wait;
  return {
    ...NO_SPAN,
    children: [],
    id,
    kind: 'wait',
    label,
    detail: '',
    startMillis,
    endMillis,
    failed: false,
    span,
    wait,
  };
}

/** The row of a turn whose own span has not arrived. */
function openTurnRow(turn: Turn): Row {
  const { key: id, startMillis, endMillis } = turn;
  const label = turn.state === 'open' ? 'Turn, still open' : 'Turn';
  return {
    ...NO_SPAN,
    children: [],
    id,
    kind: 'turn',
    label,
    detail: '',
    startMillis,
    endMillis,
    failed: false,
    span: undefined,
  };
}
