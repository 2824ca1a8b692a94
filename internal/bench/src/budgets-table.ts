import type { Budget, Figures, Verdict } from './budgets.ts';
import { namedBudgets, verdictOf } from './budgets.ts';
import type { Estimate } from './statistics.ts';
import { formatFigure } from './statistics.ts';

const words: { readonly [verdict in Verdict]: string } = {
  met: 'met',
  noise: 'met within the noise',
  missed: 'missed',
};

/** The table of all budgets with what was last measured, and why the missed ones are missed. */
export function renderBudgets(figures: Figures): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = namedBudgets.map(([name, budget]) => ({ budget, figure: figures[name] }));
  return [
    '## Budgets',
    '',
    'What each thing may cost at most, and the median that the last run of its topic measured, with its 95 % interval.',
    '“By hand” and “the SDK” are OpenTelemetry’s own parts doing the same work in the same run.',
    '',
    line(['what', 'at most', 'measured', '', '`npm run bench --`']),
    line(['---', '---', '---', '---', '---']),
    ...rows.map(({ budget, figure }) =>
      line([
        budget.goal,
        formatWithUnit(String(budget.atMost), budget),
        figure === undefined ? 'not measured yet' : formatMeasured(figure, budget),
        figure === undefined ? '' : words[verdictOf(figure, budget.atMost)],
        budget.topic,
      ]),
    ),
    ...rows.flatMap(({ budget, figure }) => reason(budget, figure)),
  ].join('\n');
}

function reason(budget: Budget, figure: Estimate | undefined): readonly string[] {
  if (figure === undefined || verdictOf(figure, budget.atMost) === 'met') return [];
  if (budget.missed === undefined) return [];
  const instead = `${formatMeasured(figure, budget)} instead of ${formatWithUnit(String(budget.atMost), budget)}`;
  return [
    '',
    `**Missed: ${budget.goal}**, ${instead}. Tried: ${budget.missed.tried} Why it stays: ${budget.missed.whyItStays}`,
  ];
}

/** A figure with its interval. */
export function formatMeasured({ median, low, high }: Estimate, budget: Budget): string {
  return `${formatWithUnit(formatFigure(median), budget)} (${formatFigure(low)}–${formatFigure(high)})`;
}

/** A value as the budget gives it. */
export function formatWithUnit(value: string, { unit }: Budget): string {
  return unit === '×' ? `×${value}` : `${value} ${unit}`;
}
