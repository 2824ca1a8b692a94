import type { Fact, FactArea, Facts } from './facts.ts';

/** One thing in which the two programs differ. */
export interface Difference {
  readonly area: FactArea;
  readonly id: string;
  /** Absent where only the other program has it. */
  readonly codex: string | undefined;
  readonly ours: string | undefined;
}

/** What is the same in two programs, and what differs. */
export interface Comparison {
  readonly same: readonly Fact[];
  readonly differences: readonly Difference[];
}

/**
 * Compares the facts of two programs. If one of them lacks a thing as a whole, that is one difference, not one for
 * each part.
 */
export function compare(codex: Facts, ours: Facts): Comparison {
  const same: Fact[] = [];
  const differences: Difference[] = [];
  for (const id of new Set([...codex.keys(), ...ours.keys()])) {
    const [theirs, own] = [codex.get(id), ours.get(id)];
    const area = (theirs ?? own)?.area;
    if (area === undefined || isPartOfMissing(id, codex, ours)) continue;
    if (theirs !== undefined && isSame(id, theirs.value, own?.value)) same.push(theirs);
    else differences.push({ area, id, codex: theirs?.value, ours: own?.value });
  }
  return { same, differences: differences.sort((one, other) => one.id.localeCompare(other.id)) };
}

/** Several comparisons as one: the same thing in another session is the same difference. */
export function combined(comparisons: readonly Comparison[]): Comparison {
  const differences = new Map(
    comparisons.flatMap(({ differences }) => differences.map((one) => [one.id, one] as const)),
  );
  const same = new Map(comparisons.flatMap(({ same }) => same.map((one) => [one.id, one] as const)));
  for (const id of differences.keys()) same.delete(id);
  return { same: [...same.values()], differences: [...differences.values()] };
}

const PART =
  /: | (?:attribute|value|order|severity|scope|body|time|trace id|event name field|kind|description|boundaries)(?: |$)/;

/** What an id is about, and which part of it; no part means the whole. */
export function partOf(id: string): readonly [subject: string, part: string] {
  const at = id.search(PART);
  return at === -1 ? [id, ''] : [id.slice(0, at), id.slice(at).replace(/^:? /, '')];
}

function isPartOfMissing(id: string, codex: Facts, ours: Facts): boolean {
  const [subject, part] = partOf(id);
  return part !== '' && codex.has(subject) !== ours.has(subject);
}

function isSame(id: string, codex: string, ours: string | undefined): boolean {
  if (ours === undefined) return false;
  return id.endsWith(' order') ? commonOrder(codex, ours) === commonOrder(ours, codex) : codex === ours;
}

/** The names that another order has too, in this one; of several orders that were seen, the first. */
function commonOrder(order: string, other: string): string {
  const [first = ''] = order.split(' | ');
  const [otherFirst = ''] = other.split(' | ');
  const names = new Set(otherFirst.split(' '));
  return first
    .split(' ')
    .filter((name) => names.has(name))
    .join(' ');
}
