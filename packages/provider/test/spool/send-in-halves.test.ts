import type { SendResult } from '@codex-otel/metrics/otlp';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { BatchBlame } from '../../src/outlet/batch-blame.ts';
import type { Batch } from '../../src/outlet/item-queue.ts';
import { sendInHalves } from '../../src/spool/send-in-halves.ts';

let sent: string[];
beforeEach(() => {
  sent = [];
});

/** Sends the letters of a text as the items of a batch. */
function send(text: string, answer: (part: string) => SendResult, blame?: BatchBlame) {
  const batch: Batch<string> = { id: 'whole', items: [...text], bytes: 10, count: text.length, firstPlace: 0 };
  const sendPart = async ({ items }: Batch<string>) => {
    sent.push(items.join(''));
    return answer(items.join(''));
  };
  return sendInHalves(batch, { sizeOf: () => 1 }, sendPart, blame);
}

const delivered: SendResult = { kind: 'delivered' };
const refused: SendResult = { kind: 'refused', reason: 'too large' };

describe('sendInHalves', () => {
  it.each<[SendResult]>([
    [{ kind: 'delivered', rejectedItems: 2, message: 'no room' }],
    [{ kind: 'retryable', reason: 'away' }],
    [{ kind: 'failed', reason: 'no' }],
  ])('returns the result of a batch that is not refused: %j', async (result) => {
    expect(await send('ab', () => result)).toBe(result);
    expect(sent).toEqual(['ab']);
  });

  it.each<[SendResult, boolean]>([
    [delivered, true],
    [{ kind: 'retryable', reason: 'away' }, false],
    [{ kind: 'failed', reason: 'no' }, false],
  ])('divides again after two hundred refusals only if a batch was delivered: %j, %s', async (result, divides) => {
    const blame = new BatchBlame(() => 1);
    for (let refusals = 0; refusals < 200; refusals += 1) blame.refused();
    await send('ab', () => result, blame);
    expect(blame.refused()).toBe(divides);
  });

  it('divides a refused batch, and counts the items that are refused even alone', async () => {
    expect(await send('abcd', (part) => (part.includes('c') ? refused : delivered))).toEqual({
      kind: 'delivered',
      rejectedItems: 1,
      message: 'too large',
    });
    expect(sent).toEqual(['abcd', 'ab', 'cd', 'c', 'd']);
  });

  it('adds up what the collector rejects in the parts, and keeps the first reason', async () => {
    const result = await send('abcd', (part) => {
      if (part.length > 1) return refused;
      return part === 'a' ? delivered : { kind: 'delivered', rejectedItems: 1, message: `no ${part}` };
    });
    expect(result).toEqual({ kind: 'delivered', rejectedItems: 3, message: 'no b' });
  });

  it('has no message if all parts are accepted', async () => {
    const result = await send('ab', (part) => (part.length > 1 ? refused : delivered));
    expect(result).toEqual({ kind: 'delivered', rejectedItems: 0, message: '' });
  });

  it.each<[SendResult]>([[{ kind: 'retryable', reason: 'away' }], [{ kind: 'failed', reason: 'no' }]])(
    'stops at a part that is not delivered: %j',
    async (result) => {
      expect(await send('abcd', (part) => (part === 'abcd' ? refused : part === 'ab' ? result : delivered))).toBe(
        result,
      );
      expect(sent).toEqual(['abcd', 'ab']);
    },
  );

  it('stops dividing if everything is refused, until something is delivered', async () => {
    const blame = new BatchBlame(() => 0);
    for (let refusals = 0; refusals < 200; refusals += 1) blame.refused();
    expect(await send('ab', () => refused, blame)).toEqual({
      kind: 'delivered',
      rejectedItems: 2,
      message: 'too large',
    });
    expect(sent).toEqual(['ab']);
    await send('c', () => delivered, blame);
    await send('ab', () => refused, blame);
    expect(sent).toEqual(['ab', 'c', 'ab', 'a', 'b']);
  });
});
