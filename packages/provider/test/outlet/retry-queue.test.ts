import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Trouble } from '../../src/outlet/batch-blame.ts';
import type { Batch } from '../../src/outlet/item-queue.ts';
import { RetryQueue } from '../../src/outlet/retry-queue.ts';

let queue: RetryQueue<string>;
beforeEach(() => {
  queue = new RetryQueue();
});

function batch(id: string, firstPlace: number, trouble?: Partial<Trouble>): Batch<string> {
  const none = { failures: 1, breaks: 0, strikes: 0, deliveriesAtFirst: 0, deliveriesBefore: 0, retryAt: 0 };
  return { id, items: [id], bytes: 1, count: 1, firstPlace, ...(trouble && { trouble: { ...none, ...trouble } }) };
}

const ids = () => queue.all.map(({ id }) => id);

describe('RetryQueue', () => {
  it('keeps batches in the order of their items, and those of one place in the order in which they were added', () => {
    for (const one of [batch('c', 20), batch('a', 0), batch('d', 20), batch('b', 10)]) queue.add(one);
    expect(ids()).toEqual(['a', 'b', 'c', 'd']);
    expect(queue).toHaveLength(4);
  });

  it('keeps those from before the outlet was there ahead of all others', () => {
    for (const one of [batch('now', 0), batch('before', -1), batch('before too', -1)]) queue.add(one);
    expect(ids()).toEqual(['before', 'before too', 'now']);
  });

  it('returns the oldest of those that failed least often', () => {
    for (const one of [batch('old', 0, { failures: 2 }), batch('b', 1, {}), batch('c', 2, {}), batch('new', 3)]) {
      queue.add(one);
    }
    expect([1, 2, 3, 4, 5].map(() => queue.take(0)?.id)).toEqual(['new', 'b', 'c', 'old', undefined]);
  });

  it('returns none before its time, and says when that is', () => {
    expect(queue.nextRetryAt()).toBe(Number.POSITIVE_INFINITY);
    queue.add(batch('later', 0, { retryAt: 200 }));
    queue.add(batch('soon', 1, { retryAt: 100 }));
    expect(queue.nextRetryAt()).toBe(100);
    expect(queue.take(99)).toBeUndefined();
    expect(queue.take(100)?.id).toBe('soon');
    expect(queue.nextRetryAt()).toBe(200);
  });

  it('makes batches due that did not fail while others passed', () => {
    queue.add(batch('blamed', 0, { retryAt: 200, strikes: 1 }));
    queue.add(batch('innocent', 1, { retryAt: 300 }));
    queue.hurry(50);
    expect(queue.nextRetryAt()).toBe(50);
    expect(queue.take(50)?.id).toBe('innocent');
    expect(queue.nextRetryAt()).toBe(200);
  });

  it('is empty when it has returned everything', () => {
    queue.add(batch('b', 1));
    queue.add(batch('a', 0));
    expect(queue.clear().map(({ id }) => id)).toEqual(['a', 'b']);
    expect(queue).toHaveLength(0);
  });
});
