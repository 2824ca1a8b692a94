/** What repeated measurements of one thing say together. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly samples: number;
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
  return { median: (lower + upper) / 2, min, max, samples: sorted.length };
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

function fractionDigits(value: number): number {
  if (Math.abs(value) >= 100) return 0;
  return Math.abs(value) >= 10 ? 1 : 2;
}
