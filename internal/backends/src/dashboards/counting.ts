/** How a back end holds what was counted: what was added since the last export, or since each process began. */
export type Counting = 'delta' | 'cumulative';

/** The time that a value is for: all that is shown, or one step of a graph. Grafana fills it in. */
export type Window = '$__range' | '$__interval';

/** What a series must have to be counted, besides what is chosen above the panels. */
export type Matchers = Readonly<Record<string, string>>;

/** What is chosen above the panels, for series that have these labels. */
export type Chosen = 'job' | 'model';

/** How far a process may be silent before a window and still be known to have begun before it. */
const SILENCE = '1h';

/**
 * What was added to a series within a window.
 *
 * A process often lives for one export, so there are no two samples of which the increase could be taken: `rate` and
 * `increase` see nothing. A delta sample is the increase, and is added up. Of a total, what it had reached before the
 * window is taken away, which is nothing where the process began within it.
 */
export function added(
  counting: Counting,
  metric: string,
  matchers: Matchers,
  window: Window,
  chosen: readonly Chosen[] = ['job', 'model'],
): string {
  const series = `${metric}{${selection(matchers, chosen)}}`;
  switch (counting) {
    case 'delta':
      return `sum_over_time(${series}[${window}])`;
    case 'cumulative': {
      const reached = `max_over_time(${series}[${window}])`;
      // Times 1, since arithmetic drops the metric's name: MetricsQL tells series apart by it.
      return `(${reached} - (1 * last_over_time(${series}[${SILENCE}] offset ${window}) or 0 * ${reached}))`;
    }
  }
}

function selection(matchers: Matchers, chosen: readonly Chosen[]): string {
  const own = Object.entries(matchers).map(([label, value]) => `${label}="${value}"`);
  return [...chosen.map((label) => `${label}=~"$${label}"`), ...own].join(', ');
}
