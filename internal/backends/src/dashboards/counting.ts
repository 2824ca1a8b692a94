/** How a back end stores counts: as increments since the last export, or as totals since each process began. */
export type Counting = 'delta' | 'cumulative';

/** The time range of a value: the whole range that is shown, or one step of a graph. Grafana fills it in. */
export type Window = '$__range' | '$__interval';

/** What a series must have to be counted, besides what is chosen above the panels. */
export type Matchers = Readonly<Record<string, string>>;

/** What is chosen above the panels, for series that have these labels. */
export type Chosen = 'job' | 'model';

/** A process whose last export was this long before a window still counts as one that began before the window. */
const SILENCE = '1h';

/**
 * What was added to a series within a window.
 *
 * A process often lives for one export, so there are no two samples to compute an increase from: `rate` and
 * `increase` see nothing. A delta sample is the increase itself, and is added up. From a total, the total before the
 * window is subtracted; there is none if the process began within the window.
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
      // Times 1, since arithmetic drops the metric's name, by which MetricsQL would distinguish series.
      return `(${reached} - (1 * last_over_time(${series}[${SILENCE}] offset ${window}) or 0 * ${reached}))`;
    }
  }
}

function selection(matchers: Matchers, chosen: readonly Chosen[]): string {
  const own = Object.entries(matchers).map(([label, value]) => `${label}="${value}"`);
  return [...chosen.map((label) => `${label}=~"$${label}"`), ...own].join(', ');
}
