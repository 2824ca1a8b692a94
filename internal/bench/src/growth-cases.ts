/** What grows, and how much. */
export interface GrowthCase {
  readonly title: string;
  readonly sizes: readonly number[];
  readonly unit: 'ns' | 'µs' | 'ms';
  /** Measured in one round alone, since it takes so long. */
  readonly once?: boolean;
}

export type GrowthName = 'tag sets' | 'turns' | 'spool' | 'output' | 'events';

/** All cases; `growth-child.ts` runs one of them at one size. */
export const growthCases: { readonly [name in GrowthName]: GrowthCase } = {
  'tag sets': { title: 'counting with one of so many tag sets', sizes: [10, 1000, 100_000], unit: 'ns' },
  turns: { title: 'an event of one of so many concurrent turns', sizes: [1, 10, 100], unit: 'ns' },
  spool: { title: 'creating a provider beside so many pending spool batches', sizes: [1, 100, 10_000], unit: 'ms' },
  output: { title: 'recording a tool output of so many KB', sizes: [100, 1000, 10_000, 100_000], unit: 'ms' },
  events: {
    title: 'an event of a session of so many',
    sizes: [100_000, 1_000_000, 10_000_000],
    unit: 'ns',
    once: true,
  },
};
