import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
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
    const take = () => {
      const { items = [], bytes } = queue.take(50, Number.POSITIVE_INFINITY) ?? {};
      expect(bytes).toBe(items.reduce((sum, item) => sum + item, 0));
      taken.push(...items);
    };
    let next = 1;
    for (let round = 0; round < 100; round += 1) {
      for (let some = 0; some < 60; some += 1) push(next++);
      take();
      expect(queue.endPlace).toBe(next - 1);
      expect(queue.headPlace).toBe(taken.length);
    }
    while (queue.length > 0) take();
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

describe('ItemQueue: memory', () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');

  it('does not keep items that were taken', async () => {
    const objects = new ItemQueue<object>(() => 1);
    const refs = Array.from({ length: 10 }, (_none, index) => {
      const item = { index };
      objects.push(item, 1, 1);
      return new WeakRef(item);
    });
    const kept = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
      return refs.flatMap((ref, index) => (ref.deref() === undefined ? [] : [index]));
    };
    expect(objects.take(2, 10)?.count).toBe(2);
    expect(await kept()).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(objects.take(2, 10)?.count).toBe(2);
    expect(await kept()).toEqual([4, 5, 6, 7, 8, 9]);
    expect(objects.take(5, 10)?.count).toBe(5);
    expect(await kept()).toEqual([9]);
  });

  it('does not grow while items pass through it', () => {
    const numbers = new ItemQueue<number>(() => 1);
    for (let item = 0; item < 10; item += 1) numbers.push(item, 1, 1);
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let item = 0; item < 500_000; item += 1) {
      numbers.push(item, 1, 1);
      numbers.take(1, 1);
    }
    collect();
    // With its empty slots, each item would leave some 16 bytes.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(4_000_000);
    expect(numbers).toHaveLength(10);
  });
});
