import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { budgets, missedWithoutReason, verdictOf } from '../src/budgets.ts';
import { renderBudgets } from '../src/budgets-table.ts';
import { readFigures, renewBudgets } from '../src/results.ts';

const results = readFileSync(new URL('../RESULTS.md', import.meta.url), 'utf8');
const exactly = (value: number) => ({ median: value, low: value, high: value });

describe('the page of results', () => {
  it('gives a reason for each missed budget', () => {
    expect(missedWithoutReason(readFigures(results))).toEqual([]);
  });

  it('has the budgets and reasons of the source; `npm run bench -- budgets` renews them', () => {
    expect(results).toBe(renewBudgets(results));
  });
});

describe('budgets', () => {
  it('name a topic that exists', () => {
    const topics = readdirSync(new URL('../src/', import.meta.url));

    for (const { topic } of Object.values(budgets)) expect(topics).toContain(`${topic}.bench.ts`);
  });
});

describe('verdictOf', () => {
  it.each([
    ['met', { median: 0.9, low: 0.8, high: 1.1 }],
    ['noise', { median: 1.1, low: 0.9, high: 1.2 }],
    ['missed', { median: 1.2, low: 1.1, high: 1.3 }],
  ] as const)('is %s', (verdict, figure) => {
    expect(verdictOf(figure, 1)).toBe(verdict);
  });
});

describe('missedWithoutReason', () => {
  it('names what is over its budget and has no reason', () => {
    expect(missedWithoutReason({ startGrpc: exactly(9), longSession: exactly(0.5) })).toEqual(['startGrpc']);
    expect(missedWithoutReason({ startHttpBundled: exactly(9) })).toEqual([]);
  });
});

describe('renderBudgets', () => {
  it('says what was measured, whether it is enough, and why not', () => {
    const page = renderBudgets({ startGrpc: exactly(1.1), startHttpBundled: exactly(0.9) });

    expect(page).toContain('| ×1.3 | ×1.10 (1.10–1.10) | met | startup |');
    expect(page).toContain('| ×0.5 | ×0.900 (0.900–0.900) | missed | startup |');
    expect(page).toContain('×0.900 (0.900–0.900) instead of ×0.5. Tried: ');
    expect(page).toContain('not measured yet');
  });
});
