import type { TokenPrice, TokenUsage } from '@codex-otel/token-usage';
import { tokenCostMicroUsd } from '@codex-otel/token-usage';
import { signal } from '@preact/signals';
import type { Turn } from '../model/turn.ts';

/** The user's prices in US dollars per million tokens, by model, as they were typed. */
export type Prices = Readonly<Record<string, TypedPrice>>;

export interface TypedPrice {
  readonly input: string;
  readonly cachedInput: string;
  readonly output: string;
}

const STORAGE_KEY = 'codex-otel-turn-report-prices';
const PRICE = /^\d{1,9}(?:\.\d{1,9})?$/;

export const prices = signal<Prices>(storedPrices());

/** Remembers prices in this browser. */
export function setPrices(next: Prices): void {
  prices.value = next;
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(next));
  } catch {
    // A page from a file may have no storage. The prices are then kept as long as it is open.
  }
}

/** The cost of a turn; `undefined` if its model has no price or its usage is unknown. */
export function turnCost(turn: Turn, known: Prices): number | undefined {
  return turn.usage && usageCost(turn.usage, known[turn.model]);
}

/** The sum over turns; `undefined` if none has a price. */
export function sumCost(turns: readonly Turn[], known: Prices): number | undefined {
  const costs = turns.map((turn) => turnCost(turn, known)).filter((cost) => cost !== undefined);
  return costs.length === 0 ? undefined : costs.reduce((sum, cost) => sum + cost);
}

/** What is wrong with an entered price. */
export function isPrice(text: string): boolean {
  return text === '' || PRICE.test(text);
}

function usageCost(usage: TokenUsage, typed: TypedPrice | undefined): number | undefined {
  if (typed === undefined || !PRICE.test(typed.input) || !PRICE.test(typed.output)) return undefined;
  const cachedInput = PRICE.test(typed.cachedInput) ? typed.cachedInput : undefined;
  const price: TokenPrice = { input: typed.input, output: typed.output, cachedInput };
  return tokenCostMicroUsd(usage, price);
}

function storedPrices(): Prices {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return {};
    return Object.fromEntries(
      Object.entries(stored).map(([model, price]) => [
        model,
        { input: text(price, 'input'), cachedInput: text(price, 'cachedInput'), output: text(price, 'output') },
      ]),
    );
  } catch {
    return {};
  }
}

function text(holder: unknown, key: string): string {
  const value: unknown = typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined;
  return typeof value === 'string' && isPrice(value) ? value : '';
}
