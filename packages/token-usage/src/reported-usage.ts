import { checkedTokenUsage, isTokenCount, type TokenUsage } from './token-usage.ts';

/**
 * Reads `response.usage` of the OpenAI Responses API.
 *
 * Missing or `null` details count as 0 and a missing total as input plus output. A number that is there and cannot be
 * one (negative, fractional, text) makes the whole usage unknown: what comes with it is not to be trusted either.
 * Never throws.
 *
 * @returns `undefined` where the usage is absent or malformed.
 */
export function tokenUsageFromResponse(usage: unknown): TokenUsage | undefined {
  return read(usage, (reported) => {
    const inputDetails = part(reported.input_tokens_details);
    const outputDetails = part(reported.output_tokens_details);
    return {
      inputTokens: reported.input_tokens,
      cachedInputTokens: inputDetails.cached_tokens ?? 0,
      cacheWriteInputTokens: inputDetails.cache_write_tokens ?? 0,
      outputTokens: reported.output_tokens,
      reasoningOutputTokens: outputDetails.reasoning_tokens ?? 0,
      totalTokens: reported.total_tokens ?? sum(reported.input_tokens, reported.output_tokens),
    };
  });
}

/**
 * Reads `usage` of the OpenAI Chat Completions API, also of the last chunk of a stream that was asked for it
 * (`stream_options: { include_usage: true }`). Same rules as {@link tokenUsageFromResponse}.
 */
export function tokenUsageFromChatCompletion(usage: unknown): TokenUsage | undefined {
  return read(usage, (reported) => {
    const inputDetails = part(reported.prompt_tokens_details);
    const outputDetails = part(reported.completion_tokens_details);
    return {
      inputTokens: reported.prompt_tokens,
      cachedInputTokens: inputDetails.cached_tokens ?? 0,
      cacheWriteInputTokens: inputDetails.cache_write_tokens ?? 0,
      outputTokens: reported.completion_tokens,
      reasoningOutputTokens: outputDetails.reasoning_tokens ?? 0,
      totalTokens: reported.total_tokens ?? sum(reported.prompt_tokens, reported.completion_tokens),
    };
  });
}

/**
 * Reads `usage` of an Anthropic message.
 *
 * Anthropic reports three disjoint parts of the input (new, read from the cache, written to it) and no total; here
 * they are added up, so that the result means the same as OpenAI's. Reasoning is not told apart there. Same rules as {@link tokenUsageFromResponse}.
 */
export function tokenUsageFromAnthropicMessage(usage: unknown): TokenUsage | undefined {
  return read(usage, (reported) => {
    const cachedInputTokens = reported.cache_read_input_tokens ?? 0;
    const cacheWriteInputTokens = reported.cache_creation_input_tokens ?? 0;
    const inputTokens = sum(reported.input_tokens, cachedInputTokens, cacheWriteInputTokens);
    return {
      inputTokens,
      cachedInputTokens,
      cacheWriteInputTokens,
      outputTokens: reported.output_tokens,
      reasoningOutputTokens: 0,
      totalTokens: sum(inputTokens, reported.output_tokens),
    };
  });
}

type Reported = Readonly<Record<string, unknown>>;

/** The check comes last, on numbers of our own, so a getter that answers differently each time cannot pass it by. */
function read(usage: unknown, fields: (reported: Reported) => { [K in keyof TokenUsage]: unknown }) {
  try {
    return typeof usage === 'object' && usage !== null ? checkedTokenUsage(fields(usage as Reported)) : undefined;
  } catch {
    return undefined;
  }
}

/** A nested object; absent is empty, and what should be one and is not makes the usage malformed. */
function part(details: unknown): Reported {
  if (details === undefined || details === null) return {};
  if (typeof details !== 'object') throw new TypeError('usage details are no object');
  return details as Reported;
}

/** NaN, which no check lets through, unless all are token counts: `'3' + 4` must not become a number. */
function sum(...counts: readonly unknown[]): number {
  return counts.every(isTokenCount) ? counts.reduce((a, b) => a + b, 0) : Number.NaN;
}
