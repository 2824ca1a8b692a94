import { describe, expect, it } from '@jest/globals';
import { recordResponseTokenUsage, recordTurnTokenUsage } from '../src/usage-attributes.ts';
import { recordSpans } from './recorded-spans.ts';

const usage = {
  inputTokens: 3,
  cachedInputTokens: 1,
  cacheWriteInputTokens: 0,
  outputTokens: 5,
  reasoningOutputTokens: 2,
  totalTokens: 9,
};

function attributesAfter(record: (span: ReturnType<ReturnType<typeof recordSpans>['tracer']['startSpan']>) => void) {
  const spans = recordSpans();
  const span = spans.tracer.startSpan('span');
  record(span);
  span.end();
  return spans.only().attributes;
}

describe('recordResponseTokenUsage', () => {
  it('sets the six attributes and the ids, in the order of the original', () => {
    const ids = { responseId: 'resp_1', conversationId: 'thread-1', model: 'gpt-5.6-sol-2026-08-01' };
    expect(Object.entries(attributesAfter((span) => recordResponseTokenUsage(span, usage, ids)))).toEqual([
      ['gen_ai.usage.input_tokens', 3],
      ['gen_ai.usage.cache_read.input_tokens', 1],
      ['gen_ai.usage.cache_write.input_tokens', 0],
      ['gen_ai.usage.output_tokens', 5],
      ['codex.usage.reasoning_output_tokens', 2],
      ['codex.usage.total_tokens', 9],
      ['gen_ai.response.id', 'resp_1'],
      ['gen_ai.conversation.id', 'thread-1'],
      ['gen_ai.response.model', 'gpt-5.6-sol-2026-08-01'],
    ]);
  });

  it('leaves out ids that are not known', () => {
    const attributes = attributesAfter((span) => recordResponseTokenUsage(span, usage, { responseId: '' }));
    expect(Object.keys(attributes)).toHaveLength(6);
  });

  it.each([-1, 1.5, Number.NaN, '3', undefined])('sets nothing when a number is %p', (bad) => {
    const malformed = { ...usage, outputTokens: bad as number };
    expect(attributesAfter((span) => recordResponseTokenUsage(span, malformed, { responseId: 'resp_1' }))).toEqual({});
  });
});

describe('recordTurnTokenUsage', () => {
  it('sets the seven attributes, in the order of the original', () => {
    expect(Object.entries(attributesAfter((span) => recordTurnTokenUsage(span, usage)))).toEqual([
      ['codex.turn.token_usage.input_tokens', 3],
      ['codex.turn.token_usage.cached_input_tokens', 1],
      ['codex.turn.token_usage.cache_write_input_tokens', 0],
      ['codex.turn.token_usage.non_cached_input_tokens', 2],
      ['codex.turn.token_usage.output_tokens', 5],
      ['codex.turn.token_usage.reasoning_output_tokens', 2],
      ['codex.turn.token_usage.total_tokens', 9],
    ]);
  });

  it('sends 0 when more was cached than sent', () => {
    const attributes = attributesAfter((span) => recordTurnTokenUsage(span, { ...usage, cachedInputTokens: 4 }));
    expect(attributes['codex.turn.token_usage.non_cached_input_tokens']).toBe(0);
  });

  it('sets nothing for malformed usage', () => {
    expect(attributesAfter((span) => recordTurnTokenUsage(span, { ...usage, inputTokens: -3 }))).toEqual({});
  });
});
