import type { TokenUsagePart } from './token-usage.ts';

/** A number in a usage report, by the keys that lead to it. */
export type UsagePath = readonly string[];

/** Several numbers that are added up: Anthropic splits cache writes by time to live. */
export type UsageSum = { readonly sum: readonly UsagePath[] };

/** Where the servers of one API put their numbers, with all known names for each. */
export interface UsageShape {
  readonly input: readonly UsagePath[];
  readonly output: readonly UsagePath[];
  readonly total: readonly UsagePath[];
  /** The largest value sent is used: servers fill one field and leave the others at 0. */
  readonly parts: Readonly<Record<TokenUsagePart, readonly (UsagePath | UsageSum)[]>>;
  /** Whether the input excludes cache reads and writes. */
  readonly inputWithoutCache?: true;
  /**
   * Whether the API defines input as including the cached tokens: then they are separate only if they exceed it,
   * whatever the total.
   */
  readonly inputHoldsCache?: true;
  /** A part that counts as sent with 0 if another part was sent: no cache writes if only cache reads are reported. */
  readonly implied?: { readonly part: TokenUsagePart; readonly by: TokenUsagePart };
  /** A report with one of these keys and no `total` is from another API, whose fields have other meanings. */
  readonly foreign?: readonly UsagePath[];
}

const path = (text: string): UsagePath => text.split('.');
const paths = (...texts: readonly string[]): readonly UsagePath[] => texts.map(path);

const CACHE_CREATION: UsageSum = {
  sum: paths('cache_creation.ephemeral_5m_input_tokens', 'cache_creation.ephemeral_1h_input_tokens'),
};

/** OpenAI's Responses API. */
export const RESPONSE: UsageShape = {
  input: paths('input_tokens'),
  output: paths('output_tokens'),
  total: paths('total_tokens'),
  parts: {
    cachedInputTokens: paths('input_tokens_details.cached_tokens', 'cached_tokens'),
    cacheWriteInputTokens: paths(
      'input_tokens_details.cache_write_tokens',
      'input_tokens_details.cache_creation_tokens',
    ),
    reasoningOutputTokens: paths('output_tokens_details.reasoning_tokens', 'reasoning_tokens'),
  },
  inputHoldsCache: true,
  implied: { part: 'cacheWriteInputTokens', by: 'cachedInputTokens' },
  foreign: paths('cache_read_input_tokens', 'cache_creation_input_tokens', 'cache_creation'),
};

/** OpenAI's Chat Completions API, with the additions of compatible servers. */
export const CHAT_COMPLETION: UsageShape = {
  input: paths('prompt_tokens'),
  output: paths('completion_tokens'),
  total: paths('total_tokens'),
  parts: {
    cachedInputTokens: paths(
      'prompt_tokens_details.cached_tokens',
      'prompt_cache_hit_tokens', // DeepSeek
      'cached_tokens', // Moonshot
      'cache_read_input_tokens', // LiteLLM
      'prompt_tokens_details.cache_read_input_tokens',
      'input_tokens_details.cached_tokens',
    ),
    cacheWriteInputTokens: [
      ...paths(
        'prompt_tokens_details.cache_write_tokens', // OpenRouter
        'prompt_tokens_details.cache_creation_tokens', // LiteLLM
        'prompt_tokens_details.cache_creation_input_tokens',
        'cache_creation_input_tokens', // LiteLLM
      ),
      CACHE_CREATION,
    ],
    reasoningOutputTokens: paths(
      'completion_tokens_details.reasoning_tokens',
      'reasoning_tokens',
      'output_tokens_details.reasoning_tokens',
    ),
  },
};

/** Anthropic's Messages API. */
export const ANTHROPIC_MESSAGE: UsageShape = {
  input: paths('input_tokens'),
  output: paths('output_tokens'),
  total: [],
  parts: {
    cachedInputTokens: paths('cache_read_input_tokens'),
    cacheWriteInputTokens: [path('cache_creation_input_tokens'), CACHE_CREATION],
    reasoningOutputTokens: paths('output_tokens_details.thinking_tokens', 'output_tokens_details.reasoning_tokens'),
  },
  inputWithoutCache: true,
  foreign: paths('input_tokens_details'),
};

/** The AI SDK: its results and the parts of its streams. */
export const AI_SDK: UsageShape = {
  input: paths('inputTokens', 'promptTokens'),
  output: paths('outputTokens', 'completionTokens'),
  total: paths('totalTokens'),
  parts: {
    cachedInputTokens: paths('inputTokenDetails.cacheReadTokens', 'cachedInputTokens'),
    cacheWriteInputTokens: paths('inputTokenDetails.cacheWriteTokens'),
    reasoningOutputTokens: paths('outputTokenDetails.reasoningTokens', 'reasoningTokens'),
  },
};

/** What the models of the AI SDK's providers deliver, from `LanguageModelV3` on. */
export const LANGUAGE_MODEL: UsageShape = {
  input: paths('inputTokens.total'),
  output: paths('outputTokens.total'),
  total: [],
  parts: {
    cachedInputTokens: paths('inputTokens.cacheRead'),
    cacheWriteInputTokens: paths('inputTokens.cacheWrite'),
    reasoningOutputTokens: paths('outputTokens.reasoning'),
  },
};

/** `@openai/agents`: details are an object, or a list of them when several requests were made for one response. */
export const OPENAI_AGENTS: UsageShape = {
  input: paths('inputTokens', 'input_tokens'),
  output: paths('outputTokens', 'output_tokens'),
  total: paths('totalTokens', 'total_tokens'),
  parts: {
    cachedInputTokens: paths('inputTokensDetails.cached_tokens', 'inputTokensDetails.cachedTokens'),
    cacheWriteInputTokens: paths('inputTokensDetails.cache_write_tokens', 'inputTokensDetails.cacheWriteTokens'),
    reasoningOutputTokens: paths('outputTokensDetails.reasoning_tokens', 'outputTokensDetails.reasoningTokens'),
  },
};
