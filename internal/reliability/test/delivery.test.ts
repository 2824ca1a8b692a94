import { describe, expect, it } from '@jest/globals';
import { runDelivery } from '../src/delivery-table.ts';

describe('a collector that accepts some batches and never accepts others', () => {
  it('loses the one record that is too large, and none of the others', async () => {
    const { logs } = await runDelivery('refuses', { kind: 'large among small', largeBytes: 1_500_000, small: 10 });
    expect(logs).toMatchObject({ exported: 10, failed: 1, dropped: 0, queued: 0 });
  });

  it('leaks nothing when answers come early', async () => {
    const few = await runDelivery('answers early', { kind: 'early answers', exports: 3 });
    const many = await runDelivery('answers early', { kind: 'early answers', exports: 30 });
    expect(many.logs).toMatchObject({ exported: 30 });
    expect(many.descriptors).toBeLessThan(few.descriptors + 10);
  });
});
