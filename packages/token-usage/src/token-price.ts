import { property } from './property.ts';
import type { TokenUsage } from './token-usage.ts';
import { checkedTokenUsage, NO_TOKEN_USAGE } from './token-usage.ts';

/**
 * Prices in US dollars per million tokens: decimal text (`'0.125'`), or a number, whose shortest decimal form is used.
 * No price table is included.
 */
export interface TokenPrice {
  /** Input that was neither read from nor written to the cache. */
  readonly input: string | number;
  /** Input read from the cache. @defaultValue the price of input */
  readonly cachedInput?: string | number | undefined;
  /** Input written to the cache. @defaultValue the price of input */
  readonly cacheWriteInput?: string | number | undefined;
  /** Output that is not reasoning. */
  readonly output: string | number;
  /** Reasoning output. @defaultValue the price of output */
  readonly reasoningOutput?: string | number | undefined;
}

/** Digits after the point that a price may have. */
const SCALE = 18;
const UNIT = 10n ** BigInt(SCALE);
const DECIMAL = /^(\d{1,15})(?:\.(\d{1,18}))?(?:e([+-]?\d{1,2}))?$/i;

/**
 * The cost of the usage, in millionths of a US dollar, rounded half up once, at the end.
 *
 * The arithmetic is decimal and exact: 0.1 is exactly a tenth. Invalid usage (anything but whole numbers of at least 0)
 * costs nothing.
 *
 * @throws TypeError when a price is not a decimal number of at least 0; it names the price.
 */
export function tokenCostMicroUsd(usage: TokenUsage, price: TokenPrice): number {
  const tokens = checkedTokenUsage(usage) ?? NO_TOKEN_USAGE;
  const priceOf = (name: keyof TokenPrice): unknown => property(price, name);
  const input = scaled(priceOf('input'), 'input');
  const output = scaled(priceOf('output'), 'output');
  // Parts that exceed their whole are limited to it, so no token is counted twice.
  const cached = Math.min(tokens.cachedInputTokens, tokens.inputTokens);
  const written = Math.min(tokens.cacheWriteInputTokens, tokens.inputTokens - cached);
  const reasoning = Math.min(tokens.reasoningOutputTokens, tokens.outputTokens);
  // Dollars per million tokens are millionths of a dollar per token.
  const cost =
    BigInt(cached) * scaled(priceOf('cachedInput') ?? priceOf('input'), 'cachedInput') +
    BigInt(written) * scaled(priceOf('cacheWriteInput') ?? priceOf('input'), 'cacheWriteInput') +
    BigInt(tokens.inputTokens - cached - written) * input +
    BigInt(reasoning) * scaled(priceOf('reasoningOutput') ?? priceOf('output'), 'reasoningOutput') +
    BigInt(tokens.outputTokens - reasoning) * output;
  return Number((cost + UNIT / 2n) / UNIT);
}

/** The price times 10^18, as a whole number. */
function scaled(price: unknown, name: keyof TokenPrice): bigint {
  const text = typeof price === 'number' || typeof price === 'string' ? String(price).trim() : '';
  const match = DECIMAL.exec(text);
  if (match === null) throw new TypeError(`price of ${name} is not a decimal number of at least 0`);
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const shift = SCALE - fraction.length + Number(exponent);
  if (shift < 0) throw new TypeError(`price of ${name} has more than ${SCALE} digits after the point`);
  return BigInt(whole + fraction) * 10n ** BigInt(shift);
}
