import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Turn } from '../model/turn.ts';
import type { RowNode, VisibleRow } from '../model/turn-rows.ts';
import { plumbingCount, visibleRows } from '../model/turn-rows.ts';
import { formatCount, formatMillis } from './format.ts';
import { itemMatches, query } from './state.ts';
import type { ViewRange } from './view-range.ts';
import { panned, ticksOf, within, zoomed } from './view-range.ts';
import { WaterfallRow } from './waterfall-row.tsx';

/** Extra rows above and below the visible ones, so that scrolling shows no gaps. */
const OVERSCAN = 6;
/** In pixels; the tokens of a response are below its bar. */
const ROW_HEIGHT = 30;
const NARROW_ROW_HEIGHT = 48;
const TOKENS_HEIGHT = 18;
const NARROW_WIDTH = 620;

interface WaterfallProps {
  readonly turn: Turn;
  readonly root: RowNode;
  readonly selected: RowNode;
  readonly onSelect: (row: RowNode) => void;
}

/** A turn as bars over time. Only the visible rows are in the document. */
export function Waterfall({ turn, root, selected, onSelect }: WaterfallProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [all, setAll] = useState(false);
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const [zoom, setZoom] = useState<ViewRange>();
  const [window, setWindow] = useState({ top: 0, height: 400, width: 800, nameWidth: 340 });

  const whole = useMemo(() => wholeRange(root), [root]);
  const range = zoom === undefined ? whole : within(zoom, whole);
  const rows = useMemo(() => visibleRows(root, { all, unfolded, collapsed }), [root, all, unfolded, collapsed]);
  const plumbing = useMemo(() => plumbingCount(root), [root]);
  const wanted = query.value.trim().toLowerCase();
  const found = useMemo(() => foundRows(rows, wanted), [rows, wanted]);
  const isNarrow = window.width < NARROW_WIDTH;
  const rowHeight = isNarrow ? NARROW_ROW_HEIGHT : ROW_HEIGHT;
  const tops = useMemo(() => topsOf(rows, rowHeight), [rows, rowHeight]);
  const first = Math.max(rowAt(tops, window.top) - OVERSCAN, 0);
  const last = Math.min(rowAt(tops, window.top + window.height) + 1 + OVERSCAN, rows.length);
  const activeIndex = Math.max(
    rows.findIndex(({ node }) => node.id === selected.id),
    0,
  );

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = () => {
      const { scrollTop: top, clientHeight: height, clientWidth: width } = element;
      setWindow({ top, height, width, nameWidth: element.querySelector('.name')?.clientWidth ?? 0 });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);

  const zoomBy = (factor: number, anchor = 0.5) => setZoom(zoomed(range, whole, factor, anchor));
  const panBy = (share: number) => setZoom(panned(range, whole, share));
  usePointer(scroller, zoomBy, panBy, range !== whole);

  const unfold = ({ node: { id } }: VisibleRow) => setUnfolded(new Set([...unfolded, id]));
  const fold = ({ node: { id } }: VisibleRow) => setUnfolded(without(unfolded, id));
  const collapse = ({ node: { id } }: VisibleRow) => setCollapsed(new Set([...collapsed, id]));
  const expand = ({ node: { id } }: VisibleRow) => setCollapsed(without(collapsed, id));
  const toggle = (row: VisibleRow) => {
    if (row.expanded === true) collapse(row);
    else if (row.expanded === false) expand(row);
  };
  const act = (row: VisibleRow) => {
    if (row.hidden > 0) unfold(row);
    else if (unfolded.has(row.node.id)) fold(row);
    else toggle(row);
  };
  const goTo = (index: number) => {
    const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
    if (row === undefined) return;
    onSelect(row.node);
    const at = rows.indexOf(row);
    scrollIntoView(scroller.current, tops[at] ?? 0, tops[at + 1] ?? 0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const active = rows[activeIndex];
    if (active === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(Math.floor(window.height / rowHeight) - 1, 1);
    const actions: Readonly<Record<string, () => void>> = {
      ArrowDown: () => goTo(activeIndex + 1),
      ArrowUp: () => goTo(activeIndex - 1),
      PageDown: () => goTo(activeIndex + page),
      PageUp: () => goTo(activeIndex - page),
      Home: () => goTo(0),
      End: () => goTo(rows.length - 1),
      ArrowRight: () =>
        event.shiftKey ? panBy(0.2) : active.expanded === false ? expand(active) : goTo(activeIndex + 1),
      ArrowLeft: () => {
        if (event.shiftKey) panBy(-0.2);
        else if (unfolded.has(active.node.id)) fold(active);
        else if (active.expanded === true) collapse(active);
        else goTo(rows.findLastIndex((row, index) => index < activeIndex && row.level < active.level));
      },
      Enter: () => act(active),
      ' ': () => act(active),
      '+': () => zoomBy(0.5),
      '=': () => zoomBy(0.5),
      '-': () => zoomBy(2),
      '0': () => setZoom(undefined),
      z: () => setZoom(zoomTo(active.node, whole)),
      a: () => setAll(!all),
      n: () => goTo(found.find((index) => index > activeIndex) ?? found[0] ?? activeIndex),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  return (
    <section class="waterfall" aria-labelledby="waterfall-title">
      <div class="bar-tools">
        <h3 id="waterfall-title">Waterfall</h3>
        <fieldset class="buttons" aria-label="Zoom">
          <button type="button" onClick={() => zoomBy(0.5)} aria-label="Zoom in">
            +
          </button>
          <button type="button" onClick={() => zoomBy(2)} aria-label="Zoom out">
            −
          </button>
          <button type="button" onClick={() => setZoom(zoomTo(selected, whole))}>
            To selection
          </button>
          <button type="button" onClick={() => setZoom(undefined)} disabled={range === whole}>
            Whole turn
          </button>
        </fieldset>
        <label class="check">
          <input type="checkbox" checked={all} onChange={() => setAll(!all)} disabled={plumbing === 0} />
          All spans <span class="soft">({formatCount(plumbing)} folded away)</span>
        </label>
        {wanted !== '' && (
          <span class="soft" role="status">
            {formatCount(found.length)} rows match
          </span>
        )}
        <details class="menu">
          <summary>Keys</summary>
          <ul class="menu-body keys">
            {KEYS.map(([key, what]) => (
              <li key={key}>
                <kbd>{key}</kbd> {what}
              </li>
            ))}
          </ul>
        </details>
      </div>
      <Legend />
      <Axis range={range} origin={whole.from} isNarrow={isNarrow} />
      <div
        ref={scroller}
        class={isNarrow ? 'rows narrow' : 'rows'}
        role="treegrid"
        aria-label={`Spans of the turn, ${formatCount(rows.length)} rows`}
        aria-rowcount={rows.length}
        aria-activedescendant={activeIndex >= first && activeIndex < last ? `row-${activeIndex}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" style={{ height: `${tops.at(-1) ?? 0}px` }}>
          {rows.slice(first, last).map((row, offset) => (
            <WaterfallRow
              key={row.node.id}
              row={row}
              index={first + offset}
              top={tops[first + offset] ?? 0}
              height={(tops[first + offset + 1] ?? 0) - (tops[first + offset] ?? 0)}
              range={range}
              isSelected={first + offset === activeIndex}
              isDimmed={wanted !== '' && !rowMatches(row.node, wanted)}
              isUnfolded={unfolded.has(row.node.id)}
              isNarrow={isNarrow}
              trackWidth={window.width - (isNarrow ? 0 : window.nameWidth) - 14}
              onSelect={() => onSelect(row.node)}
              onToggle={() => toggle(row)}
              onUnfold={() => unfold(row)}
              onFold={() => fold(row)}
              onZoom={() => setZoom(zoomTo(row.node, whole))}
            />
          ))}
        </div>
      </div>
      {turn.state === 'open' && (
        <p class="soft">Spans are sent when they end: what is under way now is not here yet.</p>
      )}
    </section>
  );
}

const KEYS = [
  ['↑ ↓', 'row by row; Page up, Page down, Home, End'],
  ['→ ←', 'unfold, fold, to the row above'],
  ['Enter', 'fold or unfold'],
  ['+ − 0', 'zoom in, zoom out, whole turn'],
  ['z', 'zoom to the selected row'],
  ['Shift → ←', 'move along the time'],
  ['a', 'all spans, or the turn’s own tree'],
  ['/', 'search; n: next row that matches'],
] as const;

const LEGEND = [
  ['waiting', 'waiting for the model'],
  ['streaming', 'streaming'],
  ['tool', 'tool'],
  ['wait', 'waiting for approval'],
  ['request', 'request sent again'],
  ['failed', 'failed'],
] as const;

function Legend() {
  return (
    <ul class="legend">
      {LEGEND.map(([kind, what]) => (
        <li key={kind}>
          <span class={`swatch ${kind}`} />
          {what}
        </li>
      ))}
    </ul>
  );
}

function Axis(props: { readonly range: ViewRange; readonly origin: number; readonly isNarrow: boolean }) {
  const { range, origin, isNarrow } = props;
  const length = range.to - range.from;
  return (
    <div class={isNarrow ? 'axis narrow' : 'axis'} aria-hidden="true">
      <div class="axis-marks">
        {ticksOf(range, origin, isNarrow ? 3 : 7).map((tick) => {
          const at = (tick + origin - range.from) / length;
          return (
            <span key={tick} class="tick" style={{ left: `${at * 100}%` }}>
              {/* The last mark has no room for its label. */}
              {at > 0.9 ? '' : tick === 0 ? '0' : formatMillis(tick)}
            </span>
          );
        })}
      </div>
    </div>
  );
}

/** From the first start to the last end, since parts may exceed their turn. */
function wholeRange(root: RowNode): ViewRange {
  let { startMillis: from, endMillis: to } = root;
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    from = Math.min(from, node.startMillis);
    to = Math.max(to, node.endMillis);
    for (const child of node.children) open.push(child);
  }
  return { from, to: Math.max(to, from + 1) };
}

/** The time of a row with some room on both sides. */
function zoomTo({ startMillis, endMillis }: RowNode, whole: ViewRange): ViewRange {
  const room = Math.max((endMillis - startMillis) * 0.05, 0.05);
  return within({ from: startMillis - room, to: endMillis + room }, whole);
}

function foundRows(rows: readonly VisibleRow[], wanted: string): readonly number[] {
  if (wanted === '') return [];
  return rows.flatMap(({ node }, index) => (rowMatches(node, wanted) ? [index] : []));
}

function rowMatches(node: RowNode, wanted: string): boolean {
  if (`${node.label} ${node.detail}`.toLowerCase().includes(wanted)) return true;
  const result = node.tool?.result;
  return (
    (node.span !== undefined && itemMatches(node.span, wanted)) || (result !== undefined && itemMatches(result, wanted))
  );
}

function without(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set([...set].filter((known) => known !== id));
}

/** Where each row begins, in pixels, and where the last one ends. */
function topsOf(rows: readonly VisibleRow[], height: number): readonly number[] {
  const tops = [0];
  let top = 0;
  for (const { node } of rows) {
    top += node.usage === undefined ? height : height + TOKENS_HEIGHT;
    tops.push(top);
  }
  return tops;
}

/** The row at a distance from the top. */
function rowAt(tops: readonly number[], distance: number): number {
  let [low, high] = [0, Math.max(tops.length - 2, 0)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((tops[middle] ?? 0) <= distance) low = middle;
    else high = middle - 1;
  }
  return low;
}

function scrollIntoView(scroller: HTMLElement | null, top: number, bottom: number): void {
  if (scroller === null) return;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight;
}

/** Ctrl and the wheel zoom at the pointer, the sideways wheel pans; dragging pans the zoomed view. */
function usePointer(
  scroller: { readonly current: HTMLDivElement | null },
  zoomBy: (factor: number, anchor: number) => void,
  panBy: (share: number) => void,
  canPan: boolean,
): void {
  const actions = useRef({ zoomBy, panBy, canPan });
  actions.current = { zoomBy, panBy, canPan };
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const track = () => element.querySelector('.track')?.getBoundingClientRect();
    const onWheel = (event: WheelEvent) => {
      const box = track();
      if (box === undefined || box.width === 0) return;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        actions.current.zoomBy(
          2 ** (event.deltaY / 200),
          Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1),
        );
      } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY) && actions.current.canPan) {
        event.preventDefault();
        actions.current.panBy(event.deltaX / box.width);
      }
    };
    let dragged: number | undefined;
    const onDown = (event: PointerEvent) => {
      if (event.target instanceof Element && event.target.closest('.track') !== null) dragged = event.clientX;
    };
    const onMove = (event: PointerEvent) => {
      const box = track();
      if (dragged === undefined || box === undefined || !actions.current.canPan || event.buttons === 0) return;
      actions.current.panBy((dragged - event.clientX) / box.width);
      dragged = event.clientX;
    };
    const onUp = () => {
      dragged = undefined;
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
    };
  }, [scroller]);
}
