import type { ReceivedResponse } from './received-response.ts';

/** The responses that a turn received, by their identity, over all its streams. */
export interface ResponseLedger {
  get(identity: string): ReceivedResponse | undefined;
  set(identity: string, response: ReceivedResponse): void;
}

/** How many responses of a turn are remembered. A turn has hundreds at most; a socket that stays open has more. */
const REMEMBERED = 10_000;

export function createResponseLedger(): ResponseLedger {
  const known = new Map<string, ReceivedResponse>();
  return {
    get: (identity) => known.get(identity),
    set: (identity, response) => {
      const [oldest] = known.keys();
      if (known.size >= REMEMBERED && oldest !== undefined) known.delete(oldest);
      known.set(identity, response);
    },
  };
}
