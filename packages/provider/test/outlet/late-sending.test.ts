import { describe, expect, it, jest } from '@jest/globals';
import { BatchSending } from '../../src/outlet/batch-sending.ts';
import { DELIVERED, pushAll, rig, watch } from './outlet-rig.ts';

type Load = () => Promise<typeof BatchSending>;

const atOnce: Load = async () => BatchSending;
const answer = () => DELIVERED;
const never: Load = () => new Promise(() => {});

/** A load that ends when the test says so. */
function later(): { readonly load: Load; readonly arrive: () => void } {
  let arrive: ((half: typeof BatchSending) => void) | undefined;
  const load: Load = () =>
    new Promise((resolve) => {
      arrive = resolve;
    });
  return { load, arrive: () => arrive?.(BatchSending) };
}

describe('createOutlet: with a sending half that loads late', () => {
  it('loads the half once, when the first items are due, and sends them', async () => {
    const load = jest.fn(atOnce);
    const { clock, sender, outlet } = rig({ load, answer });
    pushAll(outlet, 'a', 'b');
    expect(load).not.toHaveBeenCalled();

    await clock.advance(200);
    pushAll(outlet, 'c', 'd', 'e');
    await clock.advance(200);

    expect(sender.batches.map(({ items }) => items)).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
    expect(load).toHaveBeenCalledTimes(1);
    expect(outlet.stats()).toMatchObject({ queued: 0, exported: 5 });
  });

  it('loads the half for a full batch, and sends a burst that came meanwhile', async () => {
    const { clock, sender, outlet } = rig({ load: atOnce, answer });
    pushAll(outlet, ...'abcdefgh');
    await clock.advance(200);

    expect(sender.batches.flatMap(({ items }) => items)).toEqual([...'abcdefgh']);
  });

  it('loads nothing for a flush or a shutdown of an empty queue', async () => {
    const load = jest.fn(atOnce);
    const { outlet } = rig({ load, answer });
    await outlet.forceFlush();
    await outlet.shutdown();
    expect(load).not.toHaveBeenCalled();
  });

  it('sends what is queued at a shutdown', async () => {
    const { clock, sender, outlet } = rig({ load: atOnce, answer });
    pushAll(outlet, 'a');
    const ended = outlet.shutdown();
    await clock.advance(100);
    await ended;
    expect(sender.batches.map(({ items }) => items)).toEqual([['a']]);
  });

  it('ends a flush at its time-out, and hands over everything when drained', async () => {
    const { clock, outlet } = rig({ load: never });
    pushAll(outlet, 'a', 'b');
    const isFlushed = watch(outlet.forceFlush({ timeoutMillis: 1000 }));
    outlet.restore({ id: 'earlier', items: ['r'] });
    await clock.advance(999);
    expect(isFlushed()).toBe(false);
    await clock.advance(1);
    expect(isFlushed()).toBe(true);

    expect(outlet.stats()).toMatchObject({ queued: 3 });
    expect(outlet.drain()).toMatchObject([{ id: 'earlier', items: ['r'] }, { items: ['a', 'b'] }]);
    expect(outlet.drain()).toEqual([]);
    expect(outlet.stats()).toMatchObject({ queued: 0, handedOver: 3 });
  });

  it('sends nothing if it was drained while the half loaded', async () => {
    const { load, arrive } = later();
    const { clock, sender, outlet } = rig({ load, answer });
    pushAll(outlet, 'a', 'b', 'c');
    expect(outlet.drain()).toMatchObject([{ items: ['a', 'b', 'c'] }]);
    arrive();
    await clock.advance(10_000);
    expect(sender.batches).toEqual([]);
  });

  it('sends nothing if a shutdown ran out of time while the half loaded, and leaves everything to a drain', async () => {
    const { load, arrive } = later();
    const { clock, sender, outlet } = rig({ load, answer });
    pushAll(outlet, 'a', 'b', 'c');
    outlet.restore({ id: 'earlier', items: ['r'] });
    const isShut = watch(outlet.shutdown({ timeoutMillis: 100 }));
    await clock.advance(100);
    expect(isShut()).toBe(true);
    arrive();
    await clock.advance(10_000);
    expect(sender.batches).toEqual([]);
    expect(outlet.drain()).toMatchObject([{ id: 'earlier' }, { items: ['a', 'b', 'c'] }]);
  });

  it('reports and tries nothing if the load fails after the end', async () => {
    let fail: ((error: Error) => void) | undefined;
    const load = jest.fn<Load>(
      () =>
        new Promise((_resolve, reject) => {
          fail = reject;
        }),
    );
    const { clock, outlet, reports } = rig({ load });
    pushAll(outlet, 'a', 'b', 'c');
    outlet.drain();
    fail?.(new Error('the file is gone'));
    await clock.advance(10_000);
    expect([reports, load.mock.calls.length, clock.timers()]).toEqual([[], 1, 0]);
  });

  it('loads the half again for a batch that was full at once', async () => {
    const load = jest.fn(atOnce).mockRejectedValueOnce(new Error('the file is gone'));
    const { clock, sender, outlet } = rig({ load, answer, limits: { maxBatchItems: 1 } });
    outlet.push('a');
    await clock.advance(5000);
    expect(sender.items).toEqual(['a']);
  });

  it('reports a half that cannot be loaded, ends a flush that does not wait for retries, and tries again later', async () => {
    const load = jest.fn(atOnce).mockRejectedValueOnce(new Error('the file is gone'));
    const { clock, sender, outlet, reports } = rig({ load, answer });
    outlet.restore({ id: 'earlier', items: ['r'] });
    pushAll(outlet, 'a');
    await outlet.forceFlush({ retry: false });

    expect(reports).toEqual([expect.objectContaining({ kind: 'retrying', reason: 'the file is gone', items: 2 })]);
    expect(outlet.stats()).toMatchObject({ queued: 2 });

    await clock.advance(5000);
    expect(load).toHaveBeenCalledTimes(2);
    expect(sender.batches.map(({ items }) => items)).toEqual(expect.arrayContaining([['r'], ['a']]));
    expect(outlet.stats()).toMatchObject({ queued: 0, exported: 2 });
  });
});
