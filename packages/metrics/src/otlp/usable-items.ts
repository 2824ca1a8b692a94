import { errorName } from '@codex-otel/config';

/** Items that were encoded, and those that cannot be. */
export interface EncodedItems {
  readonly payloads: readonly Uint8Array[];
  /** Items that were left out. */
  readonly unencoded: Unencoded | undefined;
}

/** Items that cannot be encoded. */
export interface Unencoded {
  readonly items: number;
  readonly reason: string;
}

/** How items become bytes. */
export interface Encoding<Item> {
  encode(items: readonly Item[]): readonly Uint8Array[];
  /** How many items one item counts as. */
  countOf(item: Item): number;
}

/**
 * Encodes the items that can be encoded. Values that cannot are left out wherever items enter the outlet; if one gets
 * past that, only its own item is lost.
 *
 * @throws what the encoding throws, if no item can be encoded.
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
