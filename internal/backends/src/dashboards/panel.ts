import type { Truth } from '../truth.ts';
import type { Counting, Window } from './counting.ts';

/** Values by their labels, such as `shell, true`; the key of a value without labels is empty. */
export type Values = ReadonlyMap<string, number>;

/** What Grafana calls the unit. */
export type PanelUnit = 'short' | 'percentunit' | 'ms' | 'currencyUSD';

/** One query of a panel, and what it must give. */
export interface PanelQuery {
  /** In Grafana's form: `{{model}} cached input`. */
  readonly legend: string;
  readonly expression: (counting: Counting, window: Window) => string;
  /** The labels that distinguish its values. */
  readonly labels: readonly string[];
  /** The expected values, from the sessions' own counts, by the values of `labels`, joined by a comma. */
  readonly truth: (truth: Truth) => Values;
}

/** A panel of a dashboard. */
export interface Panel {
  readonly kind: 'stat' | 'bars' | 'lines';
  readonly title: string;
  readonly description: string;
  readonly unit: PanelUnit;
  readonly queries: readonly PanelQuery[];
}

/** Panels under one heading. */
export interface PanelRow {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Values that are added up over the steps of a graph, as opposed to ratios and means. */
export function isAdditive({ kind }: Panel): boolean {
  return kind === 'bars';
}

/** The time that a panel's values are for. */
export function windowOf({ kind }: Panel): Window {
  return kind === 'stat' ? '$__range' : '$__interval';
}
