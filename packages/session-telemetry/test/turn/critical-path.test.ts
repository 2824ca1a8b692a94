import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Activity, CriticalPathComponent } from '../../src/turn/critical-path.ts';
import { criticalPath } from '../../src/turn/critical-path.ts';

const order: readonly CriticalPathComponent[] = ['user_wait', 'auto_review', 'tools', 'inference', 'unknown'];

function activity(kind: string, startedAt: number, endedAt?: number): Activity {
  return { kind: kind as Activity['kind'], startedAt, endedAt };
}

/** The components that have any time. */
function timesOf(activities: readonly Activity[], startedAt: number, endedAt: number): object {
  const { components } = criticalPath(activities, startedAt, endedAt);
  return Object.fromEntries(Object.entries(components).filter(([, millis]) => millis > 0));
}

/** The same, computed by looking at each millisecond. */
function byAsking(activities: readonly Activity[], startedAt: number, endedAt: number): object {
  const times: Record<string, number> = {};
  for (let at = startedAt; at < endedAt; at += 1) {
    const goesOn = (kind: string) =>
      activities.some((each) => each.kind === kind && each.startedAt <= at && at < (each.endedAt ?? endedAt));
    const component = order.find(goesOn) ?? 'overhead';
    times[component] = (times[component] ?? 0) + 1;
  }
  return times;
}

const kinds = fc.constantFrom('user_wait', 'auto_review', 'tools', 'inference', 'unknown');
const activitiesWithin = (moments: fc.Arbitrary<number>) =>
  fc.array(
    fc.tuple(kinds, moments, fc.option(moments, { nil: undefined })).map((parts) => activity(...parts)),
    {
      maxLength: 30,
    },
  );

describe('criticalPath', () => {
  it.each<[string, readonly Activity[], object]>([
    ['nothing but the agent', [], { overhead: 1000 }],
    ['tools side by side', [activity('tools', 100, 400), activity('tools', 200, 500)], { tools: 400, overhead: 600 }],
    ['nested tools', [activity('tools', 100, 500), activity('tools', 200, 300)], { tools: 400, overhead: 600 }],
    [
      'an approval within a tool within a response',
      [activity('inference', 0, 1000), activity('tools', 200, 800), activity('user_wait', 300, 600)],
      { inference: 400, tools: 300, user_wait: 300 },
    ],
    [
      'a review beside the user',
      [activity('auto_review', 0, 600), activity('user_wait', 400, 1000)],
      { auto_review: 400, user_wait: 600 },
    ],
    ['what is open at the end', [activity('inference', 900)], { inference: 100, overhead: 900 }],
    ['what began before the turn and outlasts it', [activity('tools', -500, 5000)], { tools: 1000 }],
    ['what ended before it began', [activity('tools', 800, 200)], { overhead: 1000 }],
  ])('%s', (_name, activities, times) => {
    expect(timesOf(activities, 0, 1000)).toEqual(times);
  });

  it('gives a turn whose clock went back a duration of 0', () => {
    expect(criticalPath([activity('tools', 5, 900)], 1000, 400).durationMillis).toBe(0);
    expect(timesOf([activity('tools', 5, 900)], 1000, 400)).toEqual({});
  });

  it('gives each instant to what comes first, whatever overlaps', () => {
    const moments = fc.integer({ min: -50, max: 250 });
    fc.assert(
      fc.property(activitiesWithin(moments), fc.nat(200), (activities, endedAt) => {
        expect(timesOf(activities, 0, endedAt)).toEqual(byAsking(activities, 0, endedAt));
      }),
    );
  });

  it('adds up to the duration to the millisecond, and is never negative, whatever the clock says', () => {
    const moments = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(activitiesWithin(moments), moments, moments, (activities, startedAt, endedAt) => {
        const { durationMillis, components } = criticalPath(activities, startedAt, endedAt);
        const parts = Object.values(components);
        expect(parts.every((millis) => Number.isSafeInteger(millis) && millis >= 0)).toBe(true);
        expect(parts.reduce((sum, millis) => sum + millis, 0)).toBe(durationMillis);
        expect(durationMillis).toBe(Math.trunc(Math.max(endedAt - startedAt, 0)));
      }),
    );
  });
});
