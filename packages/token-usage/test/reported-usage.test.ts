import { describeIfPresent, recordedEvents, recordedStreams, recordingsPresent } from '@codex-otel/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  tokenUsageFromAiSdk,
  tokenUsageFromAnthropicMessage,
  tokenUsageFromChatCompletion,
  tokenUsageFromOpenAiAgents,
  tokenUsageFromResponse,
} from '../src/reported-usage.ts';
import { checkedTokenUsage } from '../src/token-usage.ts';

const response = {
  input_tokens: 5253,
  input_tokens_details: { cached_tokens: 4864, cache_write_tokens: 12 },
  output_tokens: 60,
  output_tokens_details: { reasoning_tokens: 40 },
  total_tokens: 5313,
};
const chatCompletion = {
  prompt_tokens: 5253,
  prompt_tokens_details: { cached_tokens: 4864, cache_write_tokens: 12 },
  completion_tokens: 60,
  completion_tokens_details: { reasoning_tokens: 40 },
  total_tokens: 5313,
};
const normalised = {
  inputTokens: 5253,
  cachedInputTokens: 4864,
  cacheWriteInputTokens: 12,
  outputTokens: 60,
  reasoningOutputTokens: 40,
  totalTokens: 5313,
};
const readers = [
  ['tokenUsageFromResponse', tokenUsageFromResponse],
  ['tokenUsageFromChatCompletion', tokenUsageFromChatCompletion],
  ['tokenUsageFromAnthropicMessage', tokenUsageFromAnthropicMessage],
  ['tokenUsageFromAiSdk', tokenUsageFromAiSdk],
  ['tokenUsageFromOpenAiAgents', tokenUsageFromOpenAiAgents],
] as const;

describe('tokenUsageFromResponse', () => {
  it('reads every number', () => expect(tokenUsageFromResponse(response)).toEqual(normalised));

  it('takes the total from the server', () => {
    expect(tokenUsageFromResponse({ ...response, total_tokens: 9 })?.totalTokens).toBe(9);
  });

  it('computes the total if it is missing', () => {
    expect(tokenUsageFromResponse({ ...response, total_tokens: undefined })?.totalTokens).toBe(5313);
  });

  it('says which parts were not sent, which count as 0', () => {
    expect(tokenUsageFromResponse({ input_tokens: 3, output_tokens: 5, input_tokens_details: null })).toEqual({
      inputTokens: 3,
      cachedInputTokens: 0,
      cacheWriteInputTokens: 0,
      outputTokens: 5,
      reasoningOutputTokens: 0,
      totalTokens: 8,
      reported: [],
    });
  });

  it('keeps a usage of 0 tokens: a warm-up is a real response', () => {
    expect(tokenUsageFromResponse({ input_tokens: 9994, output_tokens: 0, total_tokens: 9994 })?.outputTokens).toBe(0);
  });

  it.each([
    ['no usage', undefined],
    ['null, as a failed response has it', null],
    ['no object', 'usage'],
    ['no input', { ...response, input_tokens: undefined }],
    ['input as text', { ...response, input_tokens: '5253' }],
    ['a negative input', { ...response, input_tokens: -1 }],
    ['a fraction', { ...response, output_tokens: 1.5 }],
    ['NaN', { ...response, output_tokens: Number.NaN }],
    ['a total as text', { ...response, total_tokens: '5313' }],
    ['a bad detail', { ...response, output_tokens_details: { reasoning_tokens: -40 } }],
    ['details that are not an object', { ...response, input_tokens_details: 4864 }],
  ])('returns undefined for %s', (_what, usage) => expect(tokenUsageFromResponse(usage)).toBeUndefined());

  it('returns undefined for an object whose getters throw', () => {
    const hostile = {
      get input_tokens() {
        throw new Error('no');
      },
    };
    expect(tokenUsageFromResponse(hostile)).toBeUndefined();
  });
});

describe('tokenUsageFromChatCompletion', () => {
  it('means the same as the Responses API', () => {
    expect(tokenUsageFromChatCompletion(chatCompletion)).toEqual(normalised);
  });

  it('returns undefined for the null of chunks before the last', () => {
    expect(tokenUsageFromChatCompletion(null)).toBeUndefined();
  });

  it('does not read usage of another API', () => expect(tokenUsageFromChatCompletion(response)).toBeUndefined());
});

describe('tokenUsageFromAnthropicMessage', () => {
  it('adds up the three parts of the input', () => {
    const usage = {
      input_tokens: 377,
      cache_read_input_tokens: 4864,
      cache_creation_input_tokens: 12,
      output_tokens: 60,
    };
    expect(tokenUsageFromAnthropicMessage(usage)).toEqual({
      ...normalised,
      reasoningOutputTokens: 0,
      reported: ['cachedInputTokens', 'cacheWriteInputTokens'],
    });
  });

  it('counts missing cache parts as 0', () => {
    expect(tokenUsageFromAnthropicMessage({ input_tokens: 3, output_tokens: 5 })).toMatchObject({
      inputTokens: 3,
      cachedInputTokens: 0,
      totalTokens: 8,
    });
  });

  it.each(['4', true, [4], 4.5, 4n])('does not add %p to a number', (bad) => {
    expect(tokenUsageFromAnthropicMessage({ input_tokens: bad, output_tokens: 5 })).toBeUndefined();
    const cached = { input_tokens: 3, cache_read_input_tokens: bad, output_tokens: 5 };
    expect(tokenUsageFromAnthropicMessage(cached)).toBeUndefined();
  });
});

describe.each(readers)('%s', (_name, read) => {
  it('gives valid usage or none, whatever it gets', () => {
    const numbers = fc.oneof(fc.nat(), fc.anything());
    const key = fc.constantFrom(
      'input_tokens',
      'output_tokens',
      'total_tokens',
      'prompt_tokens',
      'completion_tokens',
      'cache_read_input_tokens',
      'cached_tokens',
      'inputTokens',
      'outputTokens',
    );
    const details = fc.oneof(
      fc.anything(),
      fc.dictionary(fc.constantFrom('cached_tokens', 'reasoning_tokens'), numbers),
    );
    const usages = fc.tuple(fc.dictionary(key, numbers), details).map(([usage, part]) => ({
      ...usage,
      input_tokens_details: part,
      prompt_tokens_details: part,
    }));
    fc.assert(
      fc.property(fc.oneof(fc.anything(), usages), (value) => {
        const usage = read(value);
        expect(usage === undefined || checkedTokenUsage(usage) !== undefined).toBe(true);
        if (usage === undefined) return;
        expect(usage.cachedInputTokens + usage.cacheWriteInputTokens).toBeLessThanOrEqual(usage.inputTokens);
        expect(usage.reasoningOutputTokens).toBeLessThanOrEqual(usage.outputTokens);
      }),
      { numRuns: 500 },
    );
  });
});

describeIfPresent('usage of recorded responses', recordingsPresent, () => {
  it.each(recordedStreams())('reads each response of %s', (stream) => {
    for (const event of recordedEvents(stream)) {
      if (event.type !== 'response.completed') continue;
      const { usage } = event.response as {
        usage: { input_tokens: number; output_tokens: number; total_tokens: number };
      };
      expect(tokenUsageFromResponse(usage)).toMatchObject({
        inputTokens: usage.input_tokens,
        outputTokens: usage.output_tokens,
        totalTokens: usage.total_tokens,
      });
    }
  });
});
