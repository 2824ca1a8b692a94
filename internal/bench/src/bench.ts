import type { Figures } from './budgets.ts';

/** A value of a picture. */
export interface ChartPoint {
  /** Which bars or line it belongs to, where there are several. @defaultValue `''` */
  readonly series?: string | undefined;
  /** The place on the x axis of a line; bars stand at the name of their row. */
  readonly x?: number | undefined;
  readonly value: number;
}

/** One line of a result table: a case, and how it compares with the baseline of the same run. */
export interface BenchRow {
  readonly name: string;
  /** Column → text, in the order of {@link Bench.columns}. */
  readonly values: readonly string[];
  /** What the topic's picture shows of it. */
  readonly points?: readonly ChartPoint[] | undefined;
  /** Its measurements that have a budget. */
  readonly figures?: Figures | undefined;
  /** What the table shows, for those who only look at the picture. */
  readonly sentence?: string | undefined;
}

/** How a topic's picture is drawn. */
export interface BenchChart {
  readonly title: string;
  /** What the values are, with their unit. */
  readonly unit: string;
  readonly kind: 'bars' | 'lines';
  /** What x is, where it is a number. */
  readonly x?: string | undefined;
  readonly scale?: 'linear' | 'log' | undefined;
}

/** A benchmark: a title, what it shows, and its table. */
export interface Bench {
  readonly title: string;
  /** What was done and what the goal is, one or two sentences. */
  readonly about: string;
  readonly columns: readonly string[];
  readonly chart?: BenchChart | undefined;
  run(): Promise<readonly BenchRow[]>;
}
