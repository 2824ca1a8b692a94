/** What grows, and how much. */
export interface GrowthCase {
  /** What is measured, as the subject of a sentence. */
  readonly title: string;
  /** The number that grows, as in "with 1,000 KB". */
  readonly with: (size: string) => string;
  readonly sizes: readonly number[];
  /** Why it grows, where it does. */
  readonly reason?: string | undefined;
  /** All sizes in one process, one after the other, in one round alone, since it takes so long. */
  readonly once?: boolean | undefined;
}

export type GrowthName = 'tag sets' | 'turns' | 'spool' | 'output' | 'events';

/** All cases; `growth-child.ts` runs one of them. */
export const growthCases: { readonly [name in GrowthName]: GrowthCase } = {
  'tag sets': {
    title: 'Counting',
    with: (size) => `${size} tag sets in turn`,
    sizes: [10, 1000, 100_000],
    reason:
      'The last 10,000 tag sets are remembered and looked up. If more than that are used in turn, each is checked ' +
      'and sorted anew, which costs a microsecond and does not grow further. Memory stays bounded, since a metric ' +
      'has at most 2,000 series and counts the rest in one.',
  },
  turns: {
    title: 'An event of a turn',
    with: (size) => (size === '1' ? 'one turn' : `${size} turns at once`),
    sizes: [1, 10, 100],
  },
  spool: {
    title: 'Creating a provider',
    with: (size) => (size === '1' ? 'one pending batch in its spool' : `${size} pending batches`),
    sizes: [1, 100, 10_000],
  },
  output: {
    title: 'Recording the output of a tool',
    with: (size) => `${size} KB`,
    sizes: [100, 1000, 10_000, 100_000],
    reason: 'The output is cut for the log record, but its lines and bytes are counted, so all of it is read once.',
  },
  events: {
    title: 'An event of a session',
    with: (size) => `${size} events before it`,
    sizes: [100_000, 1_000_000, 10_000_000],
    once: true,
  },
};
