import { errorName } from '@codex-otel/config';

/** Items that were encoded, and those that cannot be. */
export interface EncodedItems {
  readonly payloads: readonly Uint8Array[];
  /** What was left out, counted as everywhere. */
  readonly unencoded: Unencoded | undefined;
}

/** Items that no collector will see, since they cannot be put into bytes. */
export interface Unencoded {
  readonly items: number;
  readonly reason: string;
}

/** How items become bytes. */
export interface Encoding<Item> {
  encode(items: readonly Item[]): readonly Uint8Array[];
  /** What an item counts as. */
  countOf(item: Item): number;
}

/**
 * Encodes what can be encoded. Every way into the outlet leaves out values that cannot; what gets past it all the
 * same costs its own item and not its neighbours.
 *
 * @throws what the encoding throws when no item can be encoded.
 */
export function encodeUsable<Item>(items: readonly Item[], { encode, countOf }: Encoding<Item>): EncodedItems {
  try {
    return { payloads: encode(items), unencoded: undefined };
  } catch (error) {
    const usable: Item[] = [];
    let lost = 0;
    for (const item of items) {
      if (canEncode(item, encode)) usable.push(item);
      else lost += countOf(item);
    }
    if (usable.length === 0) throw error;
    return {
      payloads: encode(usable),
      unencoded: { items: lost, reason: `it cannot be encoded (${errorName(error)})` },
    };
  }
}

function canEncode<Item>(item: Item, encode: Encoding<Item>['encode']): boolean {
  try {
    encode([item]);
    return true;
  } catch {
    return false;
  }
}
