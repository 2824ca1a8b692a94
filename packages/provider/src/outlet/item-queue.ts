import type { Trouble } from './batch-blame.ts';
import { newBatchId } from './batch-id.ts';

/** Items that are sent together. */
export interface Batch<Item> {
  /** See `newBatchId`. */
  readonly id: string;
  readonly items: readonly Item[];
  readonly bytes: number;
  /** Sum of the items' counts; see `OutletOptions.countOf`. */
  readonly count: number;
  /** The place of the first item in the order of arrival, from 0. */
  readonly firstPlace: number;
  /** Absent if it never failed. */
  readonly trouble?: Trouble;
}

/** The sending queue: items in order of arrival, with their sizes and counts. */
export class ItemQueue<Item> {
  readonly #countOf: (item: Item) => number;
  #items: Item[] = [];
  #sizes: number[] = [];
  #head = 0;
  #headPlace = 0;
  #bytes = 0;
  #count = 0;

  constructor(countOf: (item: Item) => number) {
    this.#countOf = countOf;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#count;
  }

  /** The place of the next item to be taken. */
  get headPlace(): number {
    return this.#headPlace;
  }

  /** The place that the next item to be pushed will have. */
  get endPlace(): number {
    return this.#headPlace + this.length;
  }

  push(item: Item, bytes: number, count: number): void {
    this.#items.push(item);
    this.#sizes.push(bytes);
    this.#bytes += bytes;
    this.#count += count;
  }

  /** As many items from the front as fit into a batch, at least one. */
  take(maxItems: number, maxBytes: number): Batch<Item> | undefined {
    const firstPlace = this.#headPlace;
    let end = this.#head;
    let bytes = 0;
    let count = 0;
    while (end < this.#items.length && end - this.#head < maxItems) {
      const size = this.#sizes[end] ?? 0;
      if (end > this.#head && bytes + size > maxBytes) break;
      bytes += size;
      count += this.#countOf(this.#items[end] as Item);
      end += 1;
    }
    if (end === this.#head) return undefined;
    const items = this.#items.slice(this.#head, end);
    this.#advance(end, bytes, count);
    return { id: newBatchId(), items, bytes, count, firstPlace };
  }

  /** Everything in batches. Important items are in separate batches, after the others. */
  takeAll(
    maxItems: number,
    maxBytes: number,
    isImportant: (item: Item) => boolean,
  ): readonly (Batch<Item> & { readonly isImportant?: boolean })[] {
    const others = new Gathering<Item>(maxItems, maxBytes);
    const important = new Gathering<Item>(maxItems, maxBytes);
    for (let at = this.#head; at < this.#items.length; at += 1) {
      const item = this.#items[at] as Item;
      const place = this.#headPlace + at - this.#head;
      (isImportant(item) ? important : others).add(item, this.#sizes[at] ?? 0, this.#countOf(item), place);
    }
    this.#advance(this.#items.length, this.#bytes, this.#count);
    return [...others.batches(), ...important.batches().map((batch) => ({ ...batch, isImportant: true }))];
  }

  #advance(end: number, bytes: number, count: number): void {
    this.#headPlace += end - this.#head;
    this.#bytes -= bytes;
    this.#count -= count;
    if (end * 2 < this.#items.length) {
      // So that taken items can be garbage-collected.
      this.#items.fill(undefined as Item, this.#head, end);
      this.#head = end;
    } else {
      // At least half of the slots are empty, so that no more items are copied than were taken.
      this.#items = this.#items.slice(end);
      this.#sizes = this.#sizes.slice(end);
      this.#head = 0;
    }
  }
}

/** Items on their way into batches, in one pass: at exit there may be a full queue of them. */
class Gathering<Item> {
  readonly #maxItems: number;
  readonly #maxBytes: number;
  readonly #batches: Batch<Item>[] = [];
  #items: Item[] = [];
  #bytes = 0;
  #count = 0;
  #firstPlace = 0;

  constructor(maxItems: number, maxBytes: number) {
    this.#maxItems = maxItems;
    this.#maxBytes = maxBytes;
  }

  add(item: Item, bytes: number, count: number, place: number): void {
    if (this.#items.length === this.#maxItems || this.#bytes + bytes > this.#maxBytes) this.#close();
    if (this.#items.length === 0) this.#firstPlace = place;
    this.#items.push(item);
    this.#bytes += bytes;
    this.#count += count;
  }

  batches(): readonly Batch<Item>[] {
    this.#close();
    return this.#batches;
  }

  #close(): void {
    if (this.#items.length === 0) return;
    const batch = { id: newBatchId(), items: this.#items, bytes: this.#bytes, count: this.#count };
    this.#batches.push({ ...batch, firstPlace: this.#firstPlace });
    this.#items = [];
    this.#bytes = 0;
    this.#count = 0;
  }
}
