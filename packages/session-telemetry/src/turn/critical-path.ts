/** What the time of a turn goes to; of two that go on at once, the earlier of this list counts. */
const COMPONENTS = ['user_wait', 'auto_review', 'tools', 'inference', 'unknown', 'overhead'] as const;

/** One share of a turn's time. */
export type CriticalPathComponent = (typeof COMPONENTS)[number];

/** Something that a turn waits for. What is left over is overhead. */
export type ActivityKind = Exclude<CriticalPathComponent, 'overhead'>;

/** One stretch of it, by the turn's clock. */
export interface Activity {
  readonly kind: ActivityKind;
  startedAt: number;
  /** Absent while it goes on. */
  endedAt: number | undefined;
}

/** Where the time of a turn went, in whole milliseconds; the components add up to the duration. */
export interface CriticalPath {
  readonly durationMillis: number;
  readonly components: Readonly<Record<CriticalPathComponent, number>>;
}

/**
 * Gives each instant between start and end to the activity that comes first in the order of the components. What lies
 * outside the turn, or ends before it starts, counts for nothing.
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

/** Cut at whole milliseconds of the running total, so that no fraction is lost or counted twice. */
function inWholeMillis(times: Readonly<Record<CriticalPathComponent, number>>, duration: number): CriticalPath {
  const components = noTime();
  const durationMillis = Math.trunc(duration);
  let exact = 0;
  let told = 0;
  for (const component of COMPONENTS) {
    exact += times[component];
    // The last of them takes the rest: sums of fractions are not quite the whole.
    const total = component === 'overhead' ? durationMillis : Math.min(Math.trunc(exact), durationMillis);
    components[component] = total - told;
    told = total;
  }
  return { durationMillis, components };
}

/** The component that an instant belongs to. */
export function firstOf(open: Readonly<Record<CriticalPathComponent, number>>): CriticalPathComponent {
  return COMPONENTS.find((component) => open[component] > 0) ?? 'overhead';
}

export function noTime(): Record<CriticalPathComponent, number> {
  return { user_wait: 0, auto_review: 0, tools: 0, inference: 0, unknown: 0, overhead: 0 };
}
