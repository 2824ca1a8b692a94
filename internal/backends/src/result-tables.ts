import { TOLERANCE } from './comparison.ts';
import type { PanelResult } from './trial.ts';

/** A set-up and its results; nothing if it was skipped. */
export interface SetupResults {
  readonly title: string;
  readonly results: readonly PanelResult[] | undefined;
}

/** Two tables: every scenario in every set-up, and every panel in every set-up. */
export function resultTables(setups: readonly SetupResults[]): { readonly text: string; readonly isRight: boolean } {
  const all = setups.flatMap(({ results = [] }) => results);
  const scenarios = [...new Set(all.map(({ scenario }) => scenario))];
  const queries = [...new Set(all.map(queryName))];
  const skipped = setups.filter(({ results }) => results === undefined).map(({ title }) => title);
  const ran = setups.filter(({ results }) => results !== undefined);
  const table = (head: string, names: readonly string[], nameOf: (result: PanelResult) => string, cell: Cell) => [
    `| ${head} | ${ran.map(({ title }) => title).join(' | ')} |`,
    `| --- |${' --- |'.repeat(ran.length)}`,
    ...names.map((name) => {
      const cells = ran.map(({ results = [] }) => cell(results.filter((result) => nameOf(result) === name)));
      return `| ${name} | ${cells.join(' | ')} |`;
    }),
  ];
  const lines = [
    `Queries whose values are within ${TOLERANCE * 100} % of the truth, of all with data:`,
    '',
    ...table('scenario', scenarios, ({ scenario }) => scenario, rightOfAll),
    '',
    'The largest deviation of each query over all scenarios:',
    '',
    ...table('panel', queries, queryName, worst),
    ...(skipped.length === 0 ? [] : ['', `Not run, since a program was missing: ${skipped.join('; ')}.`]),
  ];
  return { text: lines.join('\n'), isRight: all.every(({ deviation }) => deviation <= TOLERANCE) };
}

type Cell = (results: readonly PanelResult[]) => string;

const rightOfAll: Cell = (results) => {
  const withData = results.filter(({ isEmpty }) => !isEmpty);
  const wrong = withData.filter(({ deviation }) => deviation > TOLERANCE);
  const names = wrong.length === 0 ? '' : `: not ${[...new Set(wrong.map(queryName))].join(', ')}`;
  return `${withData.length - wrong.length} of ${withData.length}${names}`;
};

const worst: Cell = (results) => {
  const withData = results.filter(({ isEmpty }) => !isEmpty);
  if (withData.length === 0) return 'no data';
  const deviation = Math.max(...withData.map((result) => result.deviation));
  return Number.isFinite(deviation) ? `${(deviation * 100).toFixed(2)} %` : 'missing';
};

function queryName({ panel, legend }: PanelResult): string {
  return legend === '' || /^\{\{[^}]*\}\}$/.test(legend) ? panel : `${panel}: ${legend}`;
}
