import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import {
  recordResponseTokenUsage,
  recordTurnTokenUsage,
  reportedTokens,
  tokenUsageFromAiSdk,
  tokenUsageFromAnthropicMessage,
  tokenUsageFromChatCompletion,
  tokenUsageFromOpenAiAgents,
  tokenUsageFromResponse,
} from '../src/index.ts';
import type { TokenUsage } from '../src/token-usage.ts';
import { addTokenUsage } from '../src/token-usage.ts';
import { recordSpans } from './recorded-spans.ts';

const warned = jest.fn<(message: string) => void>();
beforeEach(() => {
  warned.mockClear();
  const silent = () => undefined;
  diag.setLogger(
    { error: silent, warn: warned, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
});
afterEach(() => diag.disable());

/** What a server sends, and its meaning: input, cached, written, output, reasoning, total; `-` is unknown. */
type Case = readonly [name: string, reported: object, means: readonly (number | '-')[], odd?: string];

const chat: readonly Case[] = [
  [
    'OpenAI, Azure',
    {
      prompt_tokens: 90,
      completion_tokens: 30,
      total_tokens: 120,
      prompt_tokens_details: { cached_tokens: 64, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 10, audio_tokens: 0 },
    },
    [90, 64, '-', 30, 10, 120],
  ],
  [
    'Ollama, LM Studio, llama.cpp',
    { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
    [9, '-', '-', 3, '-', 12],
  ],
  [
    'vLLM, details null',
    { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12, prompt_tokens_details: null },
    [9, '-', '-', 3, '-', 12],
  ],
  [
    'DeepSeek',
    {
      prompt_tokens: 100,
      completion_tokens: 40,
      total_tokens: 140,
      prompt_cache_hit_tokens: 64,
      prompt_cache_miss_tokens: 36,
      completion_tokens_details: { reasoning_tokens: 25 },
    },
    [100, 64, '-', 40, 25, 140],
  ],
  [
    'Moonshot',
    { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110, cached_tokens: 64 },
    [100, 64, '-', 10, '-', 110],
  ],
  [
    'a field that is 0 beside one that is not',
    {
      prompt_tokens: 100,
      completion_tokens: 10,
      total_tokens: 110,
      cached_tokens: 64,
      prompt_tokens_details: { cached_tokens: 0 },
    },
    [100, 64, '-', 10, '-', 110],
  ],
  [
    'xAI, reasoning beside a small output',
    {
      prompt_tokens: 12,
      completion_tokens: 1,
      total_tokens: 399,
      prompt_tokens_details: { cached_tokens: 11 },
      completion_tokens_details: { reasoning_tokens: 386 },
    },
    [12, 11, '-', 387, 386, 399],
  ],
  [
    'xAI, reasoning beside a larger output',
    {
      prompt_tokens: 20,
      completion_tokens: 300,
      total_tokens: 400,
      completion_tokens_details: { reasoning_tokens: 80 },
    },
    [20, '-', '-', 380, 80, 400],
  ],
  [
    'OpenRouter',
    {
      prompt_tokens: 100,
      completion_tokens: 5,
      total_tokens: 105,
      cost: 0.001,
      prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
    },
    [100, 60, 30, 5, '-', 105],
  ],
  [
    'LiteLLM',
    {
      prompt_tokens: 100,
      completion_tokens: 5,
      total_tokens: 105,
      prompt_tokens_details: { cached_tokens: 60 },
      cache_creation_input_tokens: 30,
      cache_read_input_tokens: 60,
    },
    [100, 60, 30, 5, '-', 105],
  ],
  [
    'a proxy that leaves what is cached out of the input',
    {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 105,
      cache_read_input_tokens: 60,
      cache_creation_input_tokens: 30,
    },
    [100, 60, 30, 5, '-', 105],
  ],
  ['Gemini, which leaves out an output of 0', { prompt_tokens: 21, total_tokens: 21 }, [21, '-', '-', 0, '-', 21]],
  [
    'Gemini behind a proxy, thoughts beside the output',
    { prompt_tokens: 21, completion_tokens: 0, total_tokens: 81, completion_tokens_details: { reasoning_tokens: 60 } },
    [21, '-', '-', 60, 60, 81],
  ],
  [
    'Gemini, whose total includes thoughts that it does not report',
    { prompt_tokens: 21, completion_tokens: 5, total_tokens: 81 },
    [21, '-', '-', 5, '-', 81],
    'totalTokens',
  ],
  [
    'a total of 0',
    { prompt_tokens: 9, completion_tokens: 3, total_tokens: 0 },
    [9, '-', '-', 3, '-', 12],
    'totalTokens',
  ],
  [
    'more cached than sent',
    { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8, prompt_tokens_details: { cached_tokens: 500 } },
    [5, 5, '-', 3, '-', 8],
    'cachedInputTokens',
  ],
  [
    'more reasoning than output, in a total without it',
    { prompt_tokens: 5, completion_tokens: 64, total_tokens: 69, completion_tokens_details: { reasoning_tokens: 79 } },
    [5, '-', '-', 64, 64, 69],
    'reasoningOutputTokens',
  ],
];
const anthropic: readonly Case[] = [
  ['without caches', { input_tokens: 5, output_tokens: 3 }, [5, '-', '-', 3, '-', 8]],
  [
    'caches null',
    { input_tokens: 5, output_tokens: 3, cache_creation_input_tokens: null, cache_read_input_tokens: null },
    [5, '-', '-', 3, '-', 8],
  ],
  [
    'writes by time to live',
    {
      input_tokens: 5,
      output_tokens: 3,
      cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 6 },
    },
    [15, '-', 10, 3, '-', 18],
  ],
  [
    'and their sum',
    {
      input_tokens: 5,
      output_tokens: 3,
      cache_creation_input_tokens: 10,
      cache_read_input_tokens: 4,
      cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 6 },
    },
    [19, 4, 10, 3, '-', 22],
  ],
  [
    'thinking reported separately',
    { input_tokens: 5, output_tokens: 300, output_tokens_details: { thinking_tokens: 250 } },
    [5, '-', '-', 300, 250, 305],
  ],
];
const responses: readonly Case[] = [
  [
    'OpenAI',
    {
      input_tokens: 90,
      input_tokens_details: { cached_tokens: 64 },
      output_tokens: 30,
      output_tokens_details: { reasoning_tokens: 10 },
      total_tokens: 120,
    },
    [90, 64, 0, 30, 10, 120],
  ],
  ['a server without details', { input_tokens: 9, output_tokens: 3, total_tokens: 12 }, [9, '-', '-', 3, '-', 12]],
];
const aiSdk: readonly Case[] = [
  [
    'a result',
    {
      inputTokens: 90,
      inputTokenDetails: { noCacheTokens: 26, cacheReadTokens: 64, cacheWriteTokens: undefined },
      outputTokens: 30,
      outputTokenDetails: { textTokens: 20, reasoningTokens: 10 },
      totalTokens: 120,
    },
    [90, 64, '-', 30, 10, 120],
  ],
  [
    "a provider's model",
    {
      inputTokens: { total: 90, noCache: 26, cacheRead: 64, cacheWrite: undefined },
      outputTokens: { total: 30, text: 20, reasoning: 10 },
    },
    [90, 64, '-', 30, 10, 120],
  ],
  [
    'an earlier version',
    { inputTokens: 90, outputTokens: 30, totalTokens: 120, cachedInputTokens: 64, reasoningTokens: 10 },
    [90, 64, '-', 30, 10, 120],
  ],
];
const agents: readonly Case[] = [
  [
    'a response',
    {
      inputTokens: 90,
      inputTokensDetails: { cached_tokens: 64 },
      outputTokens: 30,
      outputTokensDetails: { reasoning_tokens: 10 },
      totalTokens: 120,
    },
    [90, 64, '-', 30, 10, 120],
  ],
  [
    'details of several requests',
    {
      inputTokens: 90,
      inputTokensDetails: [{ cached_tokens: 32 }, { cached_tokens: 32 }],
      outputTokens: 30,
      totalTokens: 120,
    },
    [90, 64, '-', 30, '-', 120],
  ],
];

const means = (usage: TokenUsage | undefined): readonly (number | '-')[] | undefined =>
  usage && [
    usage.inputTokens,
    reportedTokens(usage, 'cachedInputTokens') ?? '-',
    reportedTokens(usage, 'cacheWriteInputTokens') ?? '-',
    usage.outputTokens,
    reportedTokens(usage, 'reasoningOutputTokens') ?? '-',
    usage.totalTokens,
  ];

describe.each([
  ['tokenUsageFromChatCompletion', tokenUsageFromChatCompletion, chat],
  ['tokenUsageFromAnthropicMessage', tokenUsageFromAnthropicMessage, anthropic],
  ['tokenUsageFromResponse', tokenUsageFromResponse, responses],
  ['tokenUsageFromAiSdk', tokenUsageFromAiSdk, aiSdk],
  ['tokenUsageFromOpenAiAgents', tokenUsageFromOpenAiAgents, agents],
])('%s', (_name, read, cases) => {
  it.each(cases.map(([what, ...rest]) => [what, rest] as const))('reads %s', (_what, [reported, expected, odd]) => {
    expect(means(read(reported))).toEqual(expected);
    expect(warned.mock.calls.map(([message]) => message)).toEqual(
      odd === undefined ? [] : [expect.stringContaining(odd)],
    );
  });
});

describe('usage of another API', () => {
  const ofAnthropic = {
    input_tokens: 5,
    output_tokens: 3,
    cache_read_input_tokens: 300,
    cache_creation_input_tokens: 0,
  };
  it.each([
    ['Anthropic as OpenAI', tokenUsageFromResponse, ofAnthropic],
    ['Anthropic as Chat Completions', tokenUsageFromChatCompletion, ofAnthropic],
    ['OpenAI as Anthropic', tokenUsageFromAnthropicMessage, responses[0]?.[1]],
    ['OpenAI as Chat Completions', tokenUsageFromChatCompletion, responses[0]?.[1]],
    ['Chat Completions as OpenAI', tokenUsageFromResponse, chat[0]?.[1]],
    ['the AI SDK as OpenAI', tokenUsageFromResponse, aiSdk[0]?.[1]],
  ])('is refused: %s', (_what, read, usage) => expect(read(usage)).toBeUndefined());
});

describe('parts that were not sent', () => {
  const known = tokenUsageFromChatCompletion(chat[8]?.[1]) as TokenUsage;
  const unknown = tokenUsageFromChatCompletion(chat[1]?.[1]) as TokenUsage;
  const attributes = (record: typeof recordTurnTokenUsage, usage: TokenUsage): object => {
    const spans = recordSpans();
    const span = spans.tracer.startSpan('span');
    record(span, usage);
    span.end();
    return spans.only().attributes;
  };

  it('have no attributes on a response', () => {
    expect(attributes(recordResponseTokenUsage, unknown)).toEqual({
      'gen_ai.usage.input_tokens': 9,
      'gen_ai.usage.output_tokens': 3,
      'codex.usage.total_tokens': 12,
    });
  });

  it('have no attributes on a turn in which a response did not send them', () => {
    expect(attributes(recordTurnTokenUsage, addTokenUsage(known, unknown))).toEqual({
      'codex.turn.token_usage.input_tokens': 109,
      'codex.turn.token_usage.output_tokens': 8,
      'codex.turn.token_usage.total_tokens': 117,
    });
    expect(attributes(recordTurnTokenUsage, addTokenUsage(known, known))).toMatchObject({
      'codex.turn.token_usage.cached_input_tokens': 120,
      'codex.turn.token_usage.cache_write_input_tokens': 60,
      'codex.turn.token_usage.non_cached_input_tokens': 80,
    });
  });
});
