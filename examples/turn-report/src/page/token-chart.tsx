import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Session } from '../model/report-model.ts';
import type { TokenParts } from '../model/usage.ts';
import { tokenParts } from '../model/usage.ts';
import { formatCount, formatShortCount } from './format.ts';
import { selectTurn } from './state.ts';

const PARTS: readonly (readonly [keyof TokenParts, string])[] = [
  ['cached', 'cached input'],
  ['freshInput', 'fresh input'],
  ['reasoning', 'reasoning'],
  ['otherOutput', 'other output'],
];
const NO_TOKENS: TokenParts = { cached: 0, freshInput: 0, reasoning: 0, otherOutput: 0 };
const HEIGHT = 200;
/** How many turns are in the table for readers who cannot see the chart. */
const TABLE_ROWS = 200;

/** Tokens of each turn of a session, stacked. */
export function TokenChart({ session, selectedKey }: { readonly session: Session; readonly selectedKey: string }) {
  const holder = useRef<HTMLDivElement>(null);
  const turns = session.turns.map((turn) => ({
    key: turn.key,
    parts: turn.usage === undefined ? NO_TOKENS : tokenParts(turn.usage),
  }));
  const selected = turns.findIndex(({ key }) => key === selectedKey);
  const keys = turns.map(({ key }) => key);
  // The drawn data as one text. The chart is drawn again when it changes.
  const drawn = JSON.stringify([turns, selected]);

  useEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    let plot: uPlot | undefined;
    const draw = () => {
      plot?.destroy();
      plot = new uPlot(optionsOf(element, selected, turns.length), stacked(turns.map(({ parts }) => parts)), element);
    };
    const onClick = () => {
      const index = plot?.cursor.idx;
      const key = index === undefined || index === null ? undefined : keys[index];
      if (key !== undefined) selectTurn(key);
    };
    draw();
    let width = element.clientWidth;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth !== width) plot?.setSize({ width: element.clientWidth, height: HEIGHT });
      width = element.clientWidth;
    });
    observer.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    element.addEventListener('click', onClick);
    return () => {
      observer.disconnect();
      scheme.removeEventListener('change', draw);
      element.removeEventListener('click', onClick);
      plot?.destroy();
    };
  }, [drawn]);

  return (
    <section class="tokens-chart" aria-labelledby="tokens-title">
      <h3 id="tokens-title">Tokens per turn of this session</h3>
      <ul class="legend">
        {PARTS.map(([part, name]) => (
          <li key={part}>
            <span class={`swatch ${part}`} />
            {name}
          </li>
        ))}
      </ul>
      <div ref={holder} class="plot" aria-hidden="true" />
      <div class="visually-hidden">
        <table>
          <caption>Tokens per turn</caption>
          <thead>
            <tr>
              <th scope="col">Turn</th>
              {PARTS.map(([part, name]) => (
                <th key={part} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {turns.slice(-TABLE_ROWS).map(({ key, parts }, index) => (
              <tr key={key}>
                <th scope="row">{turns.length - Math.min(turns.length, TABLE_ROWS) + index + 1}</th>
                {PARTS.map(([part]) => (
                  <td key={part}>{formatCount(parts[part])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Each series stacked on those below it, the highest first, since later ones are drawn over it. */
function stacked(turns: readonly TokenParts[]): uPlot.AlignedData {
  const sums = turns.map((parts) => {
    let sum = 0;
    return PARTS.map(([part]) => {
      sum += parts[part];
      return sum;
    });
  });
  const series = PARTS.map((_, index) => sums.map((sum) => sum[index] ?? 0));
  return [turns.map((_, index) => index + 1), ...series.reverse()];
}

function optionsOf(element: HTMLElement, selected: number, count: number): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--soft'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { stroke: color('--line'), width: 1 },
    font: `12px ${style.fontFamily}`,
  };
  const bars = uPlot.paths.bars?.({ size: [0.6, 48], align: 0 });
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
    scales: {
      x: { time: false, range: [0.4, Math.max(count, 4) + 0.6] },
      y: { range: (_plot, _min, max) => [0, Math.max(max * 1.08, 1)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
        values: (_plot, ticks) =>
          ticks.map((tick) => (tick === selected + 1 ? `turn ${tick}` : tick > count ? '' : String(tick))),
      },
      { ...axis, size: 88, values: (_plot, ticks) => ticks.map((tick) => `${formatShortCount(tick)} tokens`) },
    ],
    series: [
      {},
      ...PARTS.toReversed().map(([part, name]) => ({
        label: name,
        fill: color(`--${part}`),
        width: 0,
        points: { show: false },
        ...(bars !== undefined && { paths: bars }),
      })),
    ],
  };
}
