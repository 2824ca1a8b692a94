import { OpenTurns } from './turn/open-turns.ts';
import { UnusableValues } from './unusable-values.ts';

/** State that a session and its copies share. */
export interface SessionMemory {
  readonly unusable: UnusableValues;
  /** Turn and skill of the implicit uses that were recorded. */
  readonly implicitSkills: RecentKeys;
  /** Turn and item of the answers that were recorded. */
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

/** More keys than the open turns of a session need. */
const maxKeys = 4096;

/** Remembers the latest keys, to record things once. */
export class RecentKeys {
  readonly #keys = new Set<string>();

  /** Adds a key. @returns whether it is new */
  add(key: string): boolean {
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    const [oldest] = this.#keys;
    if (this.#keys.size > maxKeys && oldest !== undefined) this.#keys.delete(oldest);
    return true;
  }
}
