import { writeFileSync } from 'node:fs';
import { parse, View } from 'vega';
import type { TopLevelSpec } from 'vega-lite';
import { compile } from 'vega-lite';
import type { BenchChart, BenchRow } from './bench.ts';

/** Draws a topic's picture into an SVG file. */
export async function writeChart(file: URL, chart: BenchChart, rows: readonly BenchRow[]): Promise<void> {
  writeFileSync(file, `${await chartSvg(chart, rows)}\n`);
}

/** The picture as SVG, without a browser. */
export async function chartSvg(chart: BenchChart, rows: readonly BenchRow[]): Promise<string> {
  const values = rows.flatMap(({ name, points = [] }) =>
    points.map(({ series = '', x, value }) => ({ name, series, x, value })),
  );
  if (values.length === 0) throw new Error(`'${chart.title}' has nothing to draw`);
  const view = new View(parse(compile(specOf(chart, values)).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

interface Value {
  readonly name: string;
  readonly series: string;
  readonly x: number | undefined;
  readonly value: number;
}

function specOf({ title, unit, kind, x = '', scale = 'linear' }: BenchChart, values: readonly Value[]): TopLevelSpec {
  const common = {
    title: { text: title, anchor: 'start' },
    background: 'white',
    width: 560,
    data: { values: [...values] },
  } as const;
  const hasSeries = new Set(values.map(({ series }) => series)).size > 1;
  const color = hasSeries ? { color: { field: 'series', type: 'nominal', title: null } } : {};
  if (kind === 'lines') {
    return {
      ...common,
      height: 260,
      mark: { type: 'line', point: true },
      encoding: {
        x: { field: 'x', type: 'quantitative', title: x, scale: { type: 'log' } },
        y: { field: 'value', type: 'quantitative', title: unit, scale: { type: scale } },
        ...color,
      },
    } as TopLevelSpec;
  }
  const y = { field: 'name', type: 'nominal', title: null, sort: null, axis: { labelLimit: 600 } };
  const offset = hasSeries ? { yOffset: { field: 'series', type: 'nominal', sort: null } } : {};
  const length = { field: 'value', type: 'quantitative', title: unit, scale: { type: scale } };
  return {
    ...common,
    layer: [
      { mark: { type: 'bar' }, encoding: { x: length, y, ...offset, ...color } },
      {
        mark: { type: 'text', align: 'left', dx: 3, fontSize: 10 },
        encoding: { x: length, y, ...offset, text: { field: 'value', type: 'quantitative', format: '.3~r' } },
      },
    ],
  } as TopLevelSpec;
}
