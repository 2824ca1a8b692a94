import { property } from './property.ts';

/** The parts of a usage, which a server may leave out; in the order of {@link TokenUsage}. */
export const TOKEN_USAGE_PARTS: readonly ['cachedInputTokens', 'cacheWriteInputTokens', 'reasoningOutputTokens'] = [
  'cachedInputTokens',
  'cacheWriteInputTokens',
  'reasoningOutputTokens',
];

/** A part of a usage that a server may leave out. */
export type TokenUsagePart = (typeof TOKEN_USAGE_PARTS)[number];

/**
 * Tokens of one response, of a turn or of a session: whole numbers, never negative.
 *
 * The meaning is OpenAI's. Parts are included in their whole, so adding a part to its whole counts it twice. The total
 * is the server's, not our sum.
 */
export interface TokenUsage {
  /** Prompt tokens, including cached ones. */
  readonly inputTokens: number;
  /** Part of the input that was read from the prompt cache. */
  readonly cachedInputTokens: number;
  /** Part of the input that was written to the prompt cache. */
  readonly cacheWriteInputTokens: number;
  /** Generated tokens, including those of reasoning. */
  readonly outputTokens: number;
  /** Part of the output that is reasoning. */
  readonly reasoningOutputTokens: number;
  /** All tokens, as the server counts them. */
  readonly totalTokens: number;
  /**
   * The parts that the server sent, if not all. A part that it did not send is 0 above, although unknown, and has no
   * span attribute. Of a sum: the parts known for every summand. @defaultValue all of them
   */
  readonly reported?: readonly TokenUsagePart[] | undefined;
}

/** No tokens: the start of a sum. Not the same as unknown usage, which is `undefined`. */
export const NO_TOKEN_USAGE: TokenUsage = /* @__PURE__ */ Object.freeze({
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 0,
  reasoningOutputTokens: 0,
  totalTokens: 0,
});

/** Input tokens that were not read from the cache, at least 0. Includes tokens written to the cache. */
export function nonCachedInputTokens(usage: TokenUsage): number {
  const { inputTokens, cachedInputTokens } = valid(usage);
  return Math.max(inputTokens - cachedInputTokens, 0);
}

/**
 * The sum, field by field. It is limited to the largest safe integer, above which sums would be inexact. Malformed
 * usage counts as none.
 */
export function addTokenUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return combine(valid(a), valid(b), (x, y) => Math.min(x + y, Number.MAX_SAFE_INTEGER));
}

/**
 * The usage between two states of a running total, field by field and at least 0: a reset total must not give negative
 * usage. Malformed usage counts as none.
 */
export function subtractTokenUsage(total: TokenUsage, start: TokenUsage): TokenUsage {
  return combine(valid(total), valid(start), (x, y) => Math.max(x - y, 0));
}

/**
 * A copy of `value` if every field is a safe whole number of at least 0, else `undefined`.
 *
 * Types do not stop a JavaScript caller, and a wrong number on a span is worse than none.
 */
export function checkedTokenUsage(value: unknown): TokenUsage | undefined {
  try {
    const { reported, ...counts } = combine(value as TokenUsage, NO_TOKEN_USAGE, (field) => field);
    if (!Object.values(counts).every(isTokenCount)) return undefined;
    return reported === undefined ? counts : { ...counts, reported };
  } catch {
    return undefined;
  }
}

/** A part of a usage; `undefined` if the server did not send it, where {@link TokenUsage} has 0. */
export function reportedTokens(usage: TokenUsage, part: TokenUsagePart): number | undefined {
  const tokens = property(usage, part);
  return isReported(usage, part) && isTokenCount(tokens) ? tokens : undefined;
}

/** Whether the server sent a part of a usage. Without `reported`, all parts count as sent. */
export function isReported(usage: TokenUsage, part: TokenUsagePart): boolean {
  const reported = property(usage, 'reported');
  // Types do not stop a JavaScript caller: anything but a list is ignored.
  return !Array.isArray(reported) || reported.includes(part);
}

/** Whether `value` can be a number of tokens. */
export function isTokenCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function valid(usage: TokenUsage): TokenUsage {
  return checkedTokenUsage(usage) ?? NO_TOKEN_USAGE;
}

function combine(a: TokenUsage, b: TokenUsage, field: (a: number, b: number) => number): TokenUsage {
  const counts: TokenUsage = {
    inputTokens: field(a.inputTokens, b.inputTokens),
    cachedInputTokens: field(a.cachedInputTokens, b.cachedInputTokens),
    cacheWriteInputTokens: field(a.cacheWriteInputTokens, b.cacheWriteInputTokens),
    outputTokens: field(a.outputTokens, b.outputTokens),
    reasoningOutputTokens: field(a.reasoningOutputTokens, b.reasoningOutputTokens),
    totalTokens: field(a.totalTokens, b.totalTokens),
  };
  return withReported(counts, (part) => isReported(a, part) && isReported(b, part));
}

/** Records which parts of a usage were sent, if not all were. */
export function withReported(usage: TokenUsage, isSent: (part: TokenUsagePart) => boolean): TokenUsage {
  const reported = TOKEN_USAGE_PARTS.filter(isSent);
  return reported.length === TOKEN_USAGE_PARTS.length ? usage : { ...usage, reported };
}
