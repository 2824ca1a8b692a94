import { newBatchId } from './batch-id.ts';
import type { Batch } from './item-queue.ts';
import type { OutletOptions } from './outlet.ts';

/** How items are measured and divided. */
export type Divider<Item> = Pick<OutletOptions<Item>, 'sizeOf' | 'countOf' | 'divide'>;

/** Divides a batch in two; `undefined` if it is one item that cannot be divided. */
export function halvesOf<Item>(batch: Batch<Item>, divider: Divider<Item>): readonly Batch<Item>[] | undefined {
  const { items, firstPlace } = batch;
  const [only] = items;
  if (items.length > 1) {
    const middle = Math.ceil(items.length / 2);
    const first = part(batch, items.slice(0, middle), divider, firstPlace);
    return [first, { ...rest(batch, first, items.slice(middle)), firstPlace: firstPlace + middle }];
  }
  const pair = only === undefined ? undefined : divider.divide?.(only);
  if (pair === undefined) return undefined;
  const first = part(batch, [pair[0]], divider, firstPlace);
  return [first, rest(batch, first, [pair[1]])];
}

/** Whether {@link halvesOf} can divide it. */
export function isDivisible<Item>({ items }: Batch<Item>, { divide }: Divider<Item>): boolean {
  return items.length > 1 || items.some((item) => divide?.(item) !== undefined);
}

function part<Item>(
  { bytes: limit }: Batch<Item>,
  items: readonly Item[],
  { sizeOf, countOf = () => 1 }: Divider<Item>,
  firstPlace: number,
): Batch<Item> {
  const bytes = items.reduce((sum, item) => sum + sizeOf(item), 0);
  const count = items.reduce((sum, item) => sum + countOf(item), 0);
  return { id: newBatchId(), items, bytes: Math.min(bytes, limit), count, firstPlace };
}

/** The rest of a batch without a part, so that the sums of both are the whole's. */
function rest<Item>(
  whole: Batch<Item>,
  { bytes, count, firstPlace }: Batch<Item>,
  items: readonly Item[],
): Batch<Item> {
  return { id: newBatchId(), items, bytes: whole.bytes - bytes, count: whole.count - count, firstPlace };
}
