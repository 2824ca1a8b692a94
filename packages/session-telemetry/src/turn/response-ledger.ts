import type { Receiving } from './receiving.ts';

/** What a turn knows of the responses that it received, by their identity, over all its streams. */
export interface ResponseLedger {
  get(identity: string): Receiving | undefined;
  set(identity: string, receiving: Receiving): void;
}

/** Responses of one turn that are remembered. A turn has hundreds at most; a socket that never ends has more. */
const REMEMBERED = 10_000;

export function createResponseLedger(): ResponseLedger {
  const known = new Map<string, Receiving>();
  return {
    get: (identity) => known.get(identity),
    set: (identity, receiving) => {
      if (known.size >= REMEMBERED) for (const oldest of known.keys()) if (known.delete(oldest)) break;
      known.set(identity, receiving);
    },
  };
}
