import type { Counting } from './dashboards/counting.ts';
import type { Panel, PanelQuery, Values } from './dashboards/panel.ts';
import { isAdditive, windowOf } from './dashboards/panel.ts';
import { prices } from './dashboards/panels.ts';

/** The time shown, in whole seconds since 1970. */
export interface Shown {
  readonly start: number;
  readonly end: number;
  /** The width of a bar. */
  readonly step: number;
}

/** Runs a query as Grafana would for this time. A panel of bars gives the sums of its bars. */
export async function askPanel(
  queryUrl: string,
  panel: Panel,
  query: PanelQuery,
  counting: Counting,
  { start, end, step }: Shown,
): Promise<Values> {
  const range = end - start;
  // One step as wide as the whole range: the value of a ratio or a mean for all of it.
  const interval = isAdditive(panel) ? step : range;
  const text = filledIn(query.expression(counting, windowOf(panel)), { range, interval });
  const parameters =
    panel.kind === 'stat'
      ? { path: 'query', query: text, time: String(end) }
      : { path: 'query_range', query: text, start: String(start + interval), end: String(end), step: String(interval) };
  const series = await ask(queryUrl, parameters);
  return new Map(
    series.map(({ metric, value, values = [] }) => [
      query.labels.map((label) => metric[label] ?? '').join(', '),
      [...values, ...(value === undefined ? [] : [value])].reduce((sum, [, sample]) => sum + Number(sample), 0),
    ]),
  );
}

/** Fills in what Grafana fills in: the time, every job and model, the initial prices. */
export function filledIn(
  expression: string,
  { range, interval }: { readonly range: number; readonly interval: number },
): string {
  const variables: readonly (readonly [string, string])[] = [
    ['$__range', `${range}s`],
    ['$__interval', `${interval}s`],
    ['$job', '.*'],
    ['$model', '.*'],
    ...prices.map(({ name, usd }) => [`$${name}`, usd] as const),
  ];
  // The longest first, since one name may begin with another.
  return variables
    .toSorted(([a], [b]) => b.length - a.length)
    .reduce((text, [name, value]) => text.replaceAll(name, value), expression);
}

/** The upper bounds of the buckets of durations, as the engine has them. */
export async function askBounds(queryUrl: string, { start, end }: Shown): Promise<readonly number[]> {
  const query = `group by (le) (last_over_time(codex_turn_e2e_duration_ms_milliseconds_bucket[${end - start}s]))`;
  const series = await ask(queryUrl, { path: 'query', query, time: String(end) });
  const bounds = series.map(({ metric }) => Number(metric.le)).filter((bound) => Number.isFinite(bound));
  return bounds.sort((a, b) => a - b);
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

async function ask(
  queryUrl: string,
  { path, ...parameters }: Readonly<Record<string, string>> & { readonly path: string },
): Promise<readonly Series[]> {
  const response = await fetch(`${queryUrl}/api/v1/${path}?${new URLSearchParams({ ...parameters, nocache: '1' })}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status} to ${parameters.query}: ${text}`);
  const answer: { readonly data: { readonly result: readonly Series[] } } = JSON.parse(text);
  return answer.data.result;
}
