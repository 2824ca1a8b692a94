import { measureOperationRounds } from './operations.ts';
import { addedTo } from './start-run.ts';
import { measureBundledStarts } from './startup.bench.ts';
import type { Estimate } from './statistics.ts';
import { formatEstimate, ratioOf } from './statistics.ts';

/** A ratio that must hold. */
export interface Budget {
  readonly name: string;
  readonly atMost: number;
  readonly measured: Estimate;
}

/**
 * Measures the ratios that the README states and compares them with their budgets. Both sides of a ratio run
 * interleaved and in CPU time; a ratio is over its budget only if all of its 95 % interval is.
 *
 * @returns whether all of them hold.
 */
export async function runGate(): Promise<boolean> {
  const budgets = [...(await startBudgets()), await eventBudget()];
  for (const { name, atMost, measured } of budgets) {
    const verdict = isOver({ name, atMost, measured }) ? '✗' : '✓';
    console.log(`${verdict} ${name}: ${formatEstimate(measured)}, budget ×${atMost}`);
  }
  return !budgets.some(isOver);
}

/** Whether a ratio is worse than its budget by more than its noise. */
export function isOver({ atMost, measured }: Budget): boolean {
  return measured.low > atMost;
}

async function startBudgets(): Promise<readonly Budget[]> {
  const starts = await measureBundledStarts(['nothing', 'provider-http', 'provider-grpc', 'sdk-by-hand'], 20);
  const added = (program: Parameters<typeof starts>[0]) => addedTo(starts('nothing').cpu, starts(program).cpu);
  const http = added('provider-http');
  return [
    { name: 'start, OTLP/HTTP bundled, to by hand', atMost: 1.1, measured: ratioOf(http, added('sdk-by-hand')) },
    {
      name: 'start, OTLP/gRPC bundled, to our OTLP/HTTP',
      atMost: 1.3,
      measured: ratioOf(added('provider-grpc'), http),
    },
  ];
}

async function eventBudget(): Promise<Budget> {
  const nanos = await measureOperationRounds({
    module: new URL('./session.cases.ts', import.meta.url),
    names: ['own providers', 'SDK by hand'] as const,
    processes: 7,
  });
  return {
    name: 'one stream event, to the SDK by hand',
    atMost: 0.1,
    measured: ratioOf(nanos('own providers'), nanos('SDK by hand')),
  };
}
