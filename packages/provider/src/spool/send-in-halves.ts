import type { SendResult } from '@codex-otel/metrics/otlp';
import { BatchBlame } from '../outlet/batch-blame.ts';
import type { Divider } from '../outlet/batch-halves.ts';
import { halvesOf } from '../outlet/batch-halves.ts';
import type { Batch } from '../outlet/item-queue.ts';

/**
 * Sends a batch. A batch that the collector refuses is divided, down to single items; a refused item counts as
 * rejected.
 *
 * @param send - sends one batch
 */
export async function sendInHalves<Item>(
  batch: Batch<Item>,
  divider: Divider<Item>,
  send: (batch: Batch<Item>) => Promise<SendResult>,
  blame: BatchBlame = new BatchBlame(Math.random),
): Promise<Exclude<SendResult, { readonly kind: 'refused' }>> {
  const result = await send(batch);
  if (result.kind !== 'refused') {
    if (result.kind === 'delivered') blame.delivered();
    return result;
  }
  const halves = blame.refused() ? halvesOf(batch, divider) : undefined;
  if (halves === undefined) return { kind: 'delivered', rejectedItems: batch.count, message: result.reason };
  let rejectedItems = 0;
  let message = '';
  for (const half of halves) {
    const part = await sendInHalves(half, divider, send, blame);
    // What was delivered before is sent again with the rest: delivery is at least once.
    if (part.kind !== 'delivered') return part;
    rejectedItems += part.rejectedItems ?? 0;
    message ||= part.message ?? '';
  }
  return { kind: 'delivered', rejectedItems, message };
}
