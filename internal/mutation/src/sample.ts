/** `count` of the items, chosen by the seed, in their order: the same for the same items and seed. */
export function sample<T>(items: readonly T[], count: number, seed: number): readonly T[] {
  const random = mulberry32(seed);
  const keys = items.map((_item, index) => ({ index, key: random() }));
  const chosen = keys.sort((a, b) => a.key - b.key).slice(0, count);
  const indices = new Set(chosen.map(({ index }) => index));
  return items.filter((_item, index) => indices.has(index));
}

/** A small generator of random numbers from 0 to 1 that a seed decides: Mulberry32. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
