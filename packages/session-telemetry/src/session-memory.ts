import { OpenTurns } from './turn/open-turns.ts';
import { UnusableValues } from './unusable-values.ts';

/** What a session and its copies remember together. */
export interface SessionMemory {
  readonly unusable: UnusableValues;
  /** Turn and skill of implicit uses that were recorded. */
  readonly implicitSkills: RecentKeys;
  /** Turn and item of answers that were recorded. */
  readonly answers: RecentKeys;
  readonly openTurns: OpenTurns;
}

export function newSessionMemory(): SessionMemory {
  return {
    unusable: new UnusableValues(),
    implicitSkills: new RecentKeys(),
    answers: new RecentKeys(),
    openTurns: new OpenTurns(),
  };
}

/** More than the turns of a session that are alive at a time can hold. */
const maxKeys = 4096;

/** Tells whether something was seen before, for as long as it matters. */
export class RecentKeys {
  readonly #keys = new Set<string>();

  /** Whether the key is new. */
  add(key: string): boolean {
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    const [oldest] = this.#keys;
    if (this.#keys.size > maxKeys && oldest !== undefined) this.#keys.delete(oldest);
    return true;
  }
}
