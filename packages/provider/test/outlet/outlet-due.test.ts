import { describe, expect, it } from '@jest/globals';
import type { Rig } from './outlet-rig.ts';
import { AWAY, DELIVERED, pushAll, rig } from './outlet-rig.ts';

const sent = ({ sender }: Rig) => sender.batches.map(({ items }) => items.join(''));

describe('createOutlet: what is due', () => {
  it('lets the rest after a full batch wait for its own delay', async () => {
    const one = rig({ answer: () => DELIVERED });
    pushAll(one.outlet, ...'abcd');
    await one.clock.advance(199);
    expect(sent(one)).toEqual(['abc']);
    await one.clock.advance(1);
    expect(sent(one)).toEqual(['abc', 'd']);
  });

  it('lets an item wait for its own delay when the one before it was sent and answered', async () => {
    const one = rig();
    one.outlet.push('a');
    await one.clock.advance(200);
    one.outlet.push('b');
    one.sender.batches[0]?.answer(DELIVERED);
    await one.clock.advance(199);
    expect(sent(one)).toEqual(['a']);
    await one.clock.advance(1);
    expect(sent(one)).toEqual(['a', 'b']);
  });

  it('sends a batch that is full by its bytes at once, also the first', async () => {
    const one = rig({ limits: { maxBatchBytes: 5 }, answer: () => DELIVERED });
    pushAll(one.outlet, '123', '45');
    await one.clock.advance(0);
    expect(sent(one)).toEqual(['12345']);
    pushAll(one.outlet, '1234', '5');
    await one.clock.advance(0);
    expect(sent(one)).toEqual(['12345', '12345']);
    pushAll(one.outlet, '123', '4');
    await one.clock.advance(0);
    expect(sent(one)).toHaveLength(2);
  });

  it('sends an incomplete batch at once for a flush', async () => {
    const one = rig({ answer: () => DELIVERED });
    pushAll(one.outlet, ...'abc');
    await one.clock.advance(0);
    pushAll(one.outlet, 'd');
    await Promise.all([one.outlet.forceFlush(), one.clock.advance(0)]);
    expect(sent(one)).toEqual(['abc', 'd']);
  });

  it('takes one turn of the event loop for all items of a tick', async () => {
    const { clock, outlet } = rig({ answer: () => DELIVERED });
    pushAll(outlet, ...'abc');
    await clock.advance(0);
    const before = clock.timers();
    pushAll(outlet, ...'defghijkl');
    expect(clock.timers()).toBe(before + 1);
  });

  it('keeps items in the queue while the collector is down, and sends them in full batches', async () => {
    let away = true;
    const one = rig({ answer: () => (away ? AWAY : DELIVERED) });
    pushAll(one.outlet, ...'abc');
    for (const item of 'defghi') {
      await one.clock.advance(150);
      one.outlet.push(item);
    }
    away = false;
    await one.clock.advance(100);
    expect(sent(one)).toEqual(['abc', 'def', 'ghi', 'abc']);
  });

  it('sets no timer for the next batch while one is tried', async () => {
    const { clock, sender, outlet } = rig({ answer: ({ at }) => (at === 0 ? AWAY : undefined) });
    pushAll(outlet, ...'abcdef');
    await clock.advance(1000);
    expect(sender.batches).toHaveLength(2);
    // The deadline of the one under way.
    expect(clock.timers()).toBe(1);
  });

  it('waits between attempts with random delays of its own', async () => {
    const { clock, sender, outlet } = rig({ random: undefined, answer: () => AWAY });
    pushAll(outlet, ...'abc');
    await clock.advance(1000);
    const [first, second] = sender.batches.map(({ at }) => at);
    expect(first).toBe(0);
    expect(second).toBeGreaterThanOrEqual(50);
    expect(second).toBeLessThanOrEqual(1000);
  });
});
