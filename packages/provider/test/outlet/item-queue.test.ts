import { beforeEach, describe, expect, it } from '@jest/globals';
import { ItemQueue } from '../../src/outlet/item-queue.ts';

/** An item is its own number of bytes, and counts as two. */
let queue: ItemQueue<number>;
beforeEach(() => {
  queue = new ItemQueue(() => 2);
});

const push = (...items: readonly number[]) => {
  for (const item of items) queue.push(item, item, 2);
};
const state = () => ({
  length: queue.length,
  bytes: queue.bytes,
  count: queue.count,
  headPlace: queue.headPlace,
  endPlace: queue.endPlace,
});

describe('ItemQueue', () => {
  it('returns as many as fit, and at least one', () => {
    push(5, 5, 5, 100, 1);
    expect(queue.take(10, 10)).toMatchObject({ items: [5, 5], bytes: 10, count: 4, firstPlace: 0 });
    expect(queue.take(1, 10)).toMatchObject({ items: [5], firstPlace: 2 });
    expect(queue.take(10, 10)).toMatchObject({ items: [100], bytes: 100, count: 2, firstPlace: 3 });
    expect(state()).toEqual({ length: 1, bytes: 1, count: 2, headPlace: 4, endPlace: 5 });
    expect(queue.take(10, 10)).toMatchObject({ items: [1] });
    expect(queue.take(10, 10)).toBeUndefined();
    expect(state()).toEqual({ length: 0, bytes: 0, count: 0, headPlace: 5, endPlace: 5 });
  });

  it('stays in order however much passes through it', () => {
    const taken: number[] = [];
    let next = 1;
    for (let round = 0; round < 100; round += 1) {
      for (let some = 0; some < 60; some += 1) push(next++);
      taken.push(...(queue.take(50, Number.POSITIVE_INFINITY)?.items ?? []));
      expect(queue.endPlace).toBe(next - 1);
      expect(queue.headPlace).toBe(taken.length);
    }
    while (queue.length > 0) taken.push(...(queue.take(50, Number.POSITIVE_INFINITY)?.items ?? []));
    expect(taken).toEqual(Array.from({ length: next - 1 }, (_none, index) => index + 1));
  });

  it('returns everything in batches, important items last, each with the place of its first item', () => {
    push(7, 1, 2, 3, 4, 90);
    queue.take(1, 10);
    const batches = queue.takeAll(2, 6, (item) => item === 2 || item === 4);
    expect(batches).toMatchObject([
      { items: [1, 3], bytes: 4, count: 4, firstPlace: 1 },
      { items: [90], bytes: 90, count: 2, firstPlace: 5 },
      { items: [2, 4], bytes: 6, count: 4, firstPlace: 2, isImportant: true },
    ]);
    expect(new Set(batches.map(({ id }) => id)).size).toBe(3);
    expect(state()).toEqual({ length: 0, bytes: 0, count: 0, headPlace: 6, endPlace: 6 });
    expect(queue.takeAll(2, 6, () => true)).toEqual([]);
  });

  it('begins a new batch only where the next item does not fit', () => {
    push(3, 3, 1);
    expect(queue.takeAll(2, 6, () => false).map(({ items }) => items)).toEqual([[3, 3], [1]]);
    push(3, 4);
    expect(queue.takeAll(2, 6, () => false).map(({ items }) => items)).toEqual([[3], [4]]);
  });
});
