/** One line of a result table: a case, and how it compares with the baseline of the same run. */
export interface BenchRow {
  readonly name: string;
  /** Column → text, in the order of {@link Bench.columns}. */
  readonly values: readonly string[];
}

/** A benchmark: a title, what it shows, and its table. */
export interface Bench {
  readonly title: string;
  /** What was done and what the goal is, one or two sentences. */
  readonly about: string;
  readonly columns: readonly string[];
  run(): Promise<readonly BenchRow[]>;
}
