import type { TokenUsage } from '@codex-otel/token-usage';
import type { RowNode, VisibleRow } from '../model/turn-rows.ts';
import { formatCount, formatMillis, formatShortUsage, formatUsage } from './format.ts';
import type { ViewRange } from './view-range.ts';

interface RowProps {
  readonly row: VisibleRow;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly range: ViewRange;
  readonly isSelected: boolean;
  /** Whether it does not match the search. */
  readonly isDimmed: boolean;
  readonly isUnfolded: boolean;
  readonly isNarrow: boolean;
  /** The width of the part with the bars, in pixels. */
  readonly trackWidth: number;
  readonly onSelect: () => void;
  /** Shows or hides its children. */
  readonly onToggle: () => void;
  readonly onUnfold: () => void;
  readonly onFold: () => void;
  readonly onZoom: () => void;
}

const MAX_INDENT = 12;
/** The average width of a character in pixels, with a little to spare. */
const CHARACTER_WIDTH = 6.9;

/** One row: its label and duration on the left, its bar on the right. */
export function WaterfallRow(props: RowProps) {
  const { row, index, top, height, range, isSelected, isDimmed, isUnfolded, isNarrow } = props;
  const { node, level, hidden, expanded } = row;
  const duration = formatMillis(node.endMillis - node.startMillis);
  const classes = [
    'row',
    node.kind,
    node.failed ? 'failed' : '',
    isSelected ? 'selected' : '',
    isDimmed ? 'dimmed' : '',
  ];
  return (
    <div
      id={`row-${index}`}
      class={classes.join(' ')}
      role="row"
      aria-level={level}
      aria-rowindex={index + 1}
      aria-expanded={expanded}
      aria-selected={isSelected}
      style={{ top: `${top}px`, height: `${height}px` }}
      title={titleOf(node)}
      onClick={props.onSelect}
      onDblClick={props.onZoom}
    >
      <div
        class="name"
        role="gridcell"
        style={{ paddingInlineStart: `${(Math.min(level, MAX_INDENT) - 1) * (isNarrow ? 8 : 14)}px` }}
      >
        <span class="twist" aria-hidden="true" onClick={expanded === undefined ? undefined : props.onToggle}>
          {expanded === undefined ? '' : expanded ? '▾' : '▸'}
        </span>
        <span class="label" dir="auto">
          {node.failed && <span class="mark">✕ </span>}
          {node.label}
          {node.detail !== '' && <span class="detail"> {node.detail}</span>}
        </span>
        {hidden > 0 && <FoldButton text={`+${formatCount(hidden)}`} onPress={props.onUnfold} />}
        {isUnfolded && hidden === 0 && <FoldButton text="fold" onPress={props.onFold} />}
        <span class="duration">{duration}</span>
      </div>
      <div class="track" role="gridcell">
        <span class="visually-hidden">{waitedText(node)}</span>
        <Bar node={node} range={range} width={props.trackWidth} />
      </div>
    </div>
  );
}

/** A bar. That of a response has two tones, waiting and streaming, and its tokens. */
function Bar({ node, range, width }: { readonly node: RowNode; readonly range: ViewRange; readonly width: number }) {
  const length = range.to - range.from;
  const share = (time: number) => Math.min(Math.max((time - range.from) / length, 0), 1);
  const [left, right] = [share(node.startMillis), share(node.endMillis)];
  if (node.endMillis < range.from || node.startMillis > range.to) {
    return (
      <span class={node.endMillis < range.from ? 'beyond before' : 'beyond after'}>
        {node.endMillis < range.from ? '◂' : '▸'}
      </span>
    );
  }
  const firstToken = node.firstTokenMillis === undefined ? undefined : share(node.firstTokenMillis);
  // From the start of the bar to the right, or from its end to the left, whichever has more room.
  const isFromStart = 1 - left >= right;
  const room = width * (isFromStart ? 1 - left : right);
  const text = node.usage === undefined ? '' : fittingUsage(node.usage, room);
  return (
    <>
      <span class={`bar ${node.kind}`} style={{ left: `${left * 100}%`, width: `${(right - left) * 100}%` }}>
        {node.kind === 'response' && firstToken !== undefined && right > left && (
          <span class="waiting-part" style={{ width: `${((firstToken - left) / (right - left)) * 100}%` }} />
        )}
      </span>
      {text !== '' && (
        <span class="tokens" style={isFromStart ? { left: `${left * 100}%` } : { right: `${(1 - right) * 100}%` }}>
          {text}
        </span>
      )}
    </>
  );
}

/** The tokens, as exact as the space allows. */
function fittingUsage(usage: TokenUsage, room: number): string {
  const exact = formatUsage(usage);
  return exact.length * CHARACTER_WIDTH <= room ? exact : formatShortUsage(usage);
}

function waitedText({ startMillis, firstTokenMillis, endMillis }: RowNode): string {
  if (firstTokenMillis === undefined) return '';
  return `waiting ${formatMillis(firstTokenMillis - startMillis)}, streaming ${formatMillis(endMillis - firstTokenMillis)}`;
}

/** The text of a row for tooltips and screen readers. */
function titleOf(node: RowNode): string {
  const parts = [
    node.detail === '' ? node.label : `${node.label}: ${node.detail}`,
    formatMillis(node.endMillis - node.startMillis),
    waitedText(node),
    node.usage === undefined ? '' : formatUsage(node.usage),
    node.failed ? 'failed' : '',
  ];
  return parts
    .filter((part) => part !== '')
    .join(', ')
    .slice(0, 500);
}

/** A button in a row; pressing it does not select the row. */
function FoldButton({ text, onPress }: { readonly text: string; readonly onPress: () => void }) {
  return (
    <button
      type="button"
      class="fold"
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        onPress();
      }}
    >
      {text}
    </button>
  );
}
