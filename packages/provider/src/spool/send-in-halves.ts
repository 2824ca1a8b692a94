import type { SendResult } from '@codex-otel/metrics/otlp';
import type { Divider } from '../outlet/batch-halves.ts';
import { halvesOf } from '../outlet/batch-halves.ts';
import type { Batch } from '../outlet/item-queue.ts';

/** So many refusals without one delivery are about everything that is sent. */
const BARREN_REFUSALS = 200;

/**
 * Sends a batch, and what the collector refuses of it in halves, down to the one item; that counts as rejected.
 *
 * @param send - sends one batch
 */
export async function sendInHalves<Item>(
  batch: Batch<Item>,
  divider: Divider<Item>,
  send: (batch: Batch<Item>) => Promise<SendResult>,
  progress = { barrenRefusals: 0 },
): Promise<Exclude<SendResult, { readonly kind: 'refused' }>> {
  const result = await send(batch);
  if (result.kind !== 'refused') {
    progress.barrenRefusals = 0;
    return result;
  }
  progress.barrenRefusals += 1;
  const halves = progress.barrenRefusals > BARREN_REFUSALS ? undefined : halvesOf(batch, divider);
  if (halves === undefined) return { kind: 'delivered', rejectedItems: batch.count, message: result.reason };
  let rejectedItems = 0;
  let message = '';
  for (const half of halves) {
    const part = await sendInHalves(half, divider, send, progress);
    // Whatever was delivered before is sent again with the rest: at least once, never lost.
    if (part.kind !== 'delivered') return part;
    rejectedItems += part.rejectedItems ?? 0;
    message ||= part.message ?? '';
  }
  return { kind: 'delivered', rejectedItems, message };
}
