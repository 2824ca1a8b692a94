/** The summary of repeated measurements of one thing. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly samples: readonly number[];
}

/** Median and spread of at least one sample. */
export function summarize(samples: readonly number[]): Summary {
  const sorted = samples.toSorted((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (min === undefined || max === undefined || upper === undefined || lower === undefined) {
    throw new RangeError('a summary needs at least one sample');
  }
  return { median: (lower + upper) / 2, min, max, samples };
}

/** `median (min–max)`, with as many digits as the size of the median deserves. */
export function formatSpread(summary: Summary, unit = ''): string {
  const digits = fractionDigits(summary.median);
  const [median, min, max] = [summary.median, summary.min, summary.max].map((value) => value.toFixed(digits));
  return `${median}${unit} (${min}–${max})`;
}

/** `×0.08`: a median against the baseline's of the same run. */
export function formatRatio(summary: Summary, baseline: Summary): string {
  return baseline.median === 0 ? '—' : `×${(summary.median / baseline.median).toFixed(3)}`;
}

/** A median with its 95 % confidence interval, for any distribution of the samples. */
export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** From the ordered samples; with fewer than six it is their whole range. */
export function estimate(samples: readonly number[]): Estimate {
  const { median } = summarize(samples);
  const sorted = samples.toSorted((a, b) => a - b);
  const count = sorted.length;
  // Ranks of a sign test: how many of the samples are below the true median is binomial.
  const rank = Math.max(0, Math.floor(count / 2 - 0.98 * Math.sqrt(count)));
  return { median, low: sorted[rank] ?? median, high: sorted[count - 1 - rank] ?? median };
}

/**
 * The cost of one thing relative to another, from samples of the same rounds: the ratio of the medians. Its interval is
 * what 95 % of rounds drawn again from these rounds give, so a base near zero makes it wide and does not break it.
 */
export function ratioOf(samples: readonly number[], baseline: readonly number[]): Estimate {
  const rounds = samples.map((sample, round) => [sample, baseline[round] ?? Number.NaN] as const);
  const ratio = (drawn: typeof rounds) =>
    summarize(drawn.map(([sample]) => sample)).median / summarize(drawn.map(([, base]) => base)).median;
  const random = randomNumbers();
  const drawn = Array.from({ length: 1000 }, () =>
    ratio(rounds.map((round) => rounds[Math.floor(random() * rounds.length)] ?? round)),
  ).sort((a, b) => a - b);
  return { median: ratio(rounds), low: drawn[25] ?? Number.NaN, high: drawn[974] ?? Number.NaN };
}

/** The same numbers from 0 to 1 each time, so that the same samples have the same interval. */
function randomNumbers(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** `×0.27 ±0.02`: half of the interval is the noise. */
export function formatEstimate({ median, low, high }: Estimate): string {
  return `×${median.toFixed(2)} ±${((high - low) / 2).toFixed(2)}`;
}

/** Two or three significant digits. */
export function formatFigure(value: number): string {
  if (value === 0) return '0';
  return Math.abs(value) >= 1 ? value.toFixed(fractionDigits(value)) : value.toFixed(3);
}

function fractionDigits(value: number): number {
  if (Math.abs(value) >= 100) return 0;
  return Math.abs(value) >= 10 ? 1 : 2;
}
