/** The visible range of time, in Unix milliseconds. */
export interface ViewRange {
  readonly from: number;
  readonly to: number;
}

/** The shortest range: below it a double has too few digits for the time. */
const FINEST_MILLIS = 0.01;

/** Zooms the range by a factor. The moment at `anchor` (a share of the width) stays in place. */
export function zoomed(range: ViewRange, whole: ViewRange, factor: number, anchor: number): ViewRange {
  const length = Math.max((range.to - range.from) * factor, FINEST_MILLIS);
  if (length >= whole.to - whole.from) return whole;
  const from = range.from + (range.to - range.from - length) * anchor;
  return within({ from, to: from + length }, whole);
}

/** Moves the range by a share of its length. */
export function panned(range: ViewRange, whole: ViewRange, share: number): ViewRange {
  const step = (range.to - range.from) * share;
  return within({ from: range.from + step, to: range.to + step }, whole);
}

/** Moves a range back to where there is something to see. */
export function within({ from, to }: ViewRange, whole: ViewRange): ViewRange {
  const length = Math.min(to - from, whole.to - whole.from);
  const start = Math.min(Math.max(from, whole.from), whole.to - length);
  return { from: start, to: start + length };
}

/** The marks of the axis: at a round step, at most `count` of them. */
export function ticksOf({ from, to }: ViewRange, origin: number, count: number): readonly number[] {
  const rough = Math.max(to - from, FINEST_MILLIS) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((round) => round * power).find((round) => round >= rough) ?? 10 * power;
  const ticks: number[] = [];
  for (let tick = Math.ceil((from - origin) / step) * step; tick <= to - origin && ticks.length <= 50; tick += step) {
    ticks.push(tick);
  }
  return ticks;
}
