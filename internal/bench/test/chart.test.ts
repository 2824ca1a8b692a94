import { describe, expect, it } from '@jest/globals';
import { chartSvg } from '../src/chart.ts';

const rows = [
  { name: 'by hand', values: [], points: [{ value: 100 }] },
  { name: 'with <this>', values: [], points: [{ value: 27 }] },
];

describe('chartSvg', () => {
  it('draws a bar for each row, with its name and value', async () => {
    const svg = await chartSvg({ title: 'Start', unit: 'ms', kind: 'bars' }, rows);

    expect(svg).toMatch(/^<svg /);
    for (const text of ['Start', 'ms', 'by hand', 'with &lt;this&gt;', '>100<', '>27<']) expect(svg).toContain(text);
  });

  it('draws a line for each series', async () => {
    const points = [1, 10, 100].map((x) => ({ x, value: x }));
    const series = ['flat', 'steep'].map((name) => ({
      name,
      values: [],
      points: points.map((p) => ({ ...p, series: name })),
    }));

    const svg = await chartSvg({ title: 'Growth', unit: '×', kind: 'lines', x: 'how many', scale: 'log' }, series);

    for (const text of ['flat', 'steep', 'how many']) expect(svg).toContain(`>${text}<`);
  });

  it('refuses to draw nothing', async () => {
    await expect(chartSvg({ title: 'Empty', unit: 'ms', kind: 'bars' }, [])).rejects.toThrow(
      "'Empty' has nothing to draw",
    );
  });
});
