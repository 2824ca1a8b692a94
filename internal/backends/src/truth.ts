import type { DemoReport } from '@codex-otel/example-cli';
import type { TokenUsage } from '@codex-otel/token-usage';
import { addTokenUsage, NO_TOKEN_USAGE } from '@codex-otel/token-usage';

/** What sessions count themselves, from the reports of the demo. Back ends are compared with it. */
export interface Truth {
  readonly model: string;
  readonly turns: number;
  readonly turnMillis: readonly number[];
  readonly usage: TokenUsage;
  readonly firstTokenMillis: readonly number[];
  readonly tools: readonly { readonly tool: string; readonly success: boolean; readonly durationMillis: number }[];
  readonly apiRequests: readonly {
    readonly status: string;
    readonly success: boolean;
    readonly durationMillis: number;
  }[];
  /** Responses that were complete. */
  readonly responses: number;
  /** Milliseconds by component, of the turns that were measured. */
  readonly components: ReadonlyMap<string, number>;
  /** Items that did not reach their collector, by signal. */
  readonly lost: ReadonlyMap<string, number>;
  /** Upper bounds of the buckets of durations, as the engine has them. */
  readonly bounds: readonly number[];
}

/** Adds up the reports of sessions. Their traces and log records must have stayed with the demo. */
export function truthOf(reports: readonly DemoReport[], model: string, bounds: readonly number[]): Truth {
  const turns = reports.flatMap((report) => report.turns);
  const arrived = turns.map((turn) => present(turn.arrived, 'the traces of a session went elsewhere'));
  const facts = reports.map((report) => present(report.facts, 'the log records of a session went elsewhere'));
  return {
    model,
    turns: turns.length,
    turnMillis: arrived.map(({ durationMillis }) => Math.trunc(durationMillis)),
    usage: turns.map(({ countedTokens }) => countedTokens).reduce(addTokenUsage, NO_TOKEN_USAGE),
    firstTokenMillis: facts.flatMap(({ firstTokenMillis }) => firstTokenMillis),
    tools: facts.flatMap(({ tools }) => tools),
    apiRequests: facts.flatMap(({ apiRequests }) => apiRequests),
    responses: arrived.reduce((sum, { responses }) => sum + responses.length, 0),
    components: sums(facts.flatMap(({ componentMillis }) => Object.entries(componentMillis))),
    lost: sums(
      reports.flatMap(({ sent }) =>
        Object.entries(sent).map(([signal, { dropped, failed }]) => [signal, dropped + failed] as const),
      ),
    ),
    bounds,
  };
}

/** Sums by key, without zeros. */
export function sums(entries: readonly (readonly [string, number])[]): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  for (const [key, value] of entries) if (value > 0) totals.set(key, (totals.get(key) ?? 0) + value);
  return totals;
}

/** How many there are of each key. */
export function tally<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, number> {
  return sums(items.map((item) => [key(item), 1]));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The values of each key. */
export function grouped<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/**
 * A quantile estimated from a histogram with these bounds: values are assumed to be spread evenly within a bucket.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function quantileOf(quantile: number, values: readonly number[], bounds: readonly number[]): number {
  const rank = quantile * values.length;
  let below = 0;
  let lower = 0;
  for (const upper of bounds) {
    const within = values.filter((value) => value <= upper).length - below;
    if (below + within >= rank && within > 0) {
      return upper <= 0 ? upper : lower + (upper - lower) * ((rank - below) / within);
    }
    below += within;
    lower = upper;
  }
  return lower;
}

function present<T>(value: T | undefined, missing: string): T {
  if (value === undefined) throw new Error(missing);
  return value;
}
