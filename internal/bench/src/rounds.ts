import type { Summary } from './statistics.ts';
import { summarize } from './statistics.ts';

/** One thing to measure; what it returns is the sample, in whatever unit the benchmark reports. */
export type Measurement = () => number | Promise<number>;

/** Options of {@link measureInterleaved}. */
export interface RoundsOptions {
  /** How often each case is measured. @defaultValue `7` */
  readonly rounds?: number | undefined;
  /** Rounds before, whose samples are thrown away. @defaultValue `1` */
  readonly warmupRounds?: number | undefined;
}

/**
 * Measures every case once a round, in a new random order each round: a slow minute of a shared machine then
 * falls on all cases alike, and ratios between them hold where absolute figures do not.
 */
export async function measureInterleaved<Name extends string>(
  cases: Readonly<Record<Name, Measurement>>,
  options: RoundsOptions = {},
): Promise<Record<Name, Summary>> {
  const { rounds = 7, warmupRounds = 1 } = options;
  const names = Object.keys(cases) as Name[]; // the keys of a record are its names
  const samples = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = -warmupRounds; round < rounds; round += 1) {
    for (const name of shuffled(names)) {
      const sample = await cases[name]();
      if (round >= 0) samples.get(name)?.push(sample);
    }
  }
  const summaries = names.map((name) => [name, summarize(samples.get(name) ?? [])]);
  return Object.fromEntries(summaries) as Record<Name, Summary>; // one entry a name, as built above
}

/** A copy in random order. */
export function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, rank: Math.random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
