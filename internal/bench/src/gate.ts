import type { Budget, BudgetName, Figures } from './budgets.ts';
import { namedBudgets, verdictOf } from './budgets.ts';
import { formatMeasured, formatWithUnit } from './budgets-table.ts';
import { caseName as loggerCase } from './logger.cases.ts';
import { caseName as metricsCase } from './metrics.cases.ts';
import { measureTimes } from './operations.ts';
import { gateStarts, measureStarts, startFigures } from './startup.bench.ts';
import type { Estimate } from './statistics.ts';
import { ratioOf } from './statistics.ts';

/** Operations whose time is compared with the SDK's: the budget, the module of the cases, ours, the SDK's. */
const operations: readonly (readonly [budget: BudgetName, module: string, ours: string, sdk: string])[] = [
  ['event', 'session.cases.ts', 'own providers', 'SDK by hand'],
  ['logger', 'logger.cases.ts', loggerCase('ours', '14', 'no span'), loggerCase('sdk', '14', 'no span')],
  ['histogram', 'metrics.cases.ts', metricsCase('ours', 'histogram', '0'), metricsCase('sdk', 'histogram', '0')],
];

/**
 * Measures the budgets of starts and of what runs for each event, and compares. Both sides of a ratio run interleaved and
 * in CPU time; a budget is exceeded only if all of the 95 % interval is over it. A budget that is missed anyway must not
 * get worse than what is on record.
 *
 * @returns whether all of them hold.
 */
export async function runGate(): Promise<boolean> {
  const figures = await measureFigures();
  let holds = true;
  for (const [name, budget] of namedBudgets) {
    const figure = figures[name];
    // A time depends on the machine.
    if (figure === undefined || (budget.unit !== '×' && budget.atMost > 0)) continue;
    const over = isOver(budget, figure);
    const limit = formatWithUnit(String(gateLimit(budget)), budget);
    console.log(`${over ? '✗' : '✓'} ${budget.goal}: ${formatMeasured(figure, budget)}, at most ${limit}`);
    if (over) holds = false;
  }
  return holds;
}

/** Whether a figure is over what the gate allows by more than its noise. */
export function isOver(budget: Budget, measured: Estimate): boolean {
  return verdictOf(measured, gateLimit(budget)) === 'missed';
}

function gateLimit({ atMost, missed }: Budget): number {
  return missed?.gateAtMost ?? atMost;
}

async function measureFigures(): Promise<Figures> {
  const figures: { [name in BudgetName]?: Estimate } = {};
  for (const [budget, module, ours, sdk] of operations) {
    const times = await measureTimes({
      module: new URL(module, import.meta.url),
      names: [ours, sdk],
      processes: 6,
      quick: true,
    });
    figures[budget] = ratioOf(times.get(ours)?.samples ?? [], times.get(sdk)?.samples ?? []);
  }
  return { ...figures, ...startFigures(await measureStarts(gateStarts, 15)) };
}
