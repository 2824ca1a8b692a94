/** What the time of a turn is spent on. Of two that overlap, the earlier in this list counts. */
const COMPONENTS = ['user_wait', 'auto_review', 'tools', 'inference', 'unknown', 'overhead'] as const;

/** One share of a turn's time. */
export type CriticalPathComponent = (typeof COMPONENTS)[number];

/** Something that a turn waits for. The remaining time is overhead. */
export type ActivityKind = Exclude<CriticalPathComponent, 'overhead'>;

/** One period of waiting, by the turn's clock. */
export interface Activity {
  readonly kind: ActivityKind;
  startedAt: number;
  /** `undefined` while it lasts. */
  endedAt: number | undefined;
}

/** Where the time of a turn went, in whole milliseconds. The components add up to the duration. */
export interface CriticalPath {
  readonly durationMillis: number;
  readonly components: Readonly<Record<CriticalPathComponent, number>>;
}

/**
 * Assigns each moment between start and end to the activity whose component comes first in the list. Time outside of the
 * turn, and activities that end before they start, are ignored.
 */
export function criticalPath(activities: Iterable<Activity>, startedAt: number, endedAt: number): CriticalPath {
  return inWholeMillis(exactTimes(activities, startedAt, endedAt), Math.max(endedAt - startedAt, 0));
}

function exactTimes(
  activities: Iterable<Activity>,
  startedAt: number,
  endedAt: number,
): Record<CriticalPathComponent, number> {
  const changes: { readonly at: number; readonly kind: ActivityKind; readonly step: 1 | -1 }[] = [];
  for (const { kind, startedAt: from, endedAt: to = endedAt } of activities) {
    const [start, end] = [Math.max(from, startedAt), Math.min(to, endedAt)];
    if (end > start) changes.push({ at: start, kind, step: 1 }, { at: end, kind, step: -1 });
  }
  changes.sort((first, second) => first.at - second.at);
  const times = noTime();
  const open = noTime();
  let since = startedAt;
  for (const { at, kind, step } of changes) {
    times[firstOf(open)] += at - since;
    open[kind] += step;
    since = at;
  }
  times.overhead += Math.max(endedAt - since, 0);
  return times;
}

/** Rounds the running total, not each part, so that no fraction is lost or counted twice. */
function inWholeMillis(times: Readonly<Record<CriticalPathComponent, number>>, duration: number): CriticalPath {
  const components = noTime();
  const durationMillis = Math.trunc(duration);
  let exact = 0;
  let told = 0;
  for (const component of COMPONENTS) {
    exact += times[component];
    // The last one takes the rest, since sums of fractions are inexact.
    const total = component === 'overhead' ? durationMillis : Math.min(Math.trunc(exact), durationMillis);
    components[component] = total - told;
    told = total;
  }
  return { durationMillis, components };
}

/** The component that a moment belongs to. */
export function firstOf(open: Readonly<Record<CriticalPathComponent, number>>): CriticalPathComponent {
  return COMPONENTS.find((component) => open[component] > 0) ?? 'overhead';
}

export function noTime(): Record<CriticalPathComponent, number> {
  return { user_wait: 0, auto_review: 0, tools: 0, inference: 0, unknown: 0, overhead: 0 };
}
