import type { Attributes, Span } from '@opentelemetry/api';
import { reportFailure } from './diagnostics.ts';
import { property } from './property.ts';
import type { SpanAttributeTable } from './span-definition.ts';
import { spanAttributes } from './span-definition.ts';
import type { TokenUsage } from './token-usage.ts';
import { checkedTokenUsage, isReported, nonCachedInputTokens, reportedTokens } from './token-usage.ts';
import { turnUsageAttributes } from './turn-span.ts';

const responseAttributes = {
  'gen_ai.usage.input_tokens': { type: 'int', absent: 'no usage', about: 'including cached ones' },
  'gen_ai.usage.cache_read.input_tokens': { type: 'int', absent: 'not reported' },
  'gen_ai.usage.cache_write.input_tokens': { type: 'int', absent: 'not reported' },
  'gen_ai.usage.output_tokens': { type: 'int', absent: 'no usage', about: 'including those of reasoning' },
  'codex.usage.reasoning_output_tokens': { type: 'int', absent: 'not reported' },
  'codex.usage.total_tokens': { type: 'int', absent: 'no usage' },
  'gen_ai.response.id': { type: 'string', absent: 'no usage, or unknown' },
  'gen_ai.conversation.id': { type: 'string', absent: 'no usage, or unknown' },
  'gen_ai.response.model': { type: 'string', absent: 'no usage, or unknown' },
} as const;

/** The usage of one response, on the span of the event that ends it and on no other span, or readers count it twice. */
export const responseUsageAttributes: SpanAttributeTable = responseAttributes;

/** Ids of the response that the usage belongs to; readers use them to drop repeats. */
export interface ResponseIds {
  /** The response's own id, as the API gave it. */
  readonly responseId?: string | undefined;
  /** The conversation: in this project the thread id. */
  readonly conversationId?: string | undefined;
  /** The model that answered; its name may be more specific than the requested one. */
  readonly model?: string | undefined;
}

/**
 * Puts the usage of one response on the span of the event that brought it (`handle_responses`), and on no other, or
 * readers count it twice.
 *
 * Sets `gen_ai.usage.input_tokens`, `gen_ai.usage.cache_read.input_tokens`, `gen_ai.usage.cache_write.input_tokens`,
 * `gen_ai.usage.output_tokens`, `codex.usage.reasoning_output_tokens`, `codex.usage.total_tokens`, and of the ids those that
 * are set: `gen_ai.response.id`, `gen_ai.conversation.id`, `gen_ai.response.model`. A part that the server
 * did not send (`reported`) is left out, not shown as 0. Invalid usage (not whole numbers of at least 0) sets nothing.
 * Never throws.
 */
export function recordResponseTokenUsage(span: Span, usage: TokenUsage, ids?: ResponseIds): void {
  const checked = checkedTokenUsage(usage);
  if (checked === undefined) return;
  setAttributes(
    span,
    spanAttributes(responseAttributes, {
      'gen_ai.usage.input_tokens': checked.inputTokens,
      'gen_ai.usage.cache_read.input_tokens': reportedTokens(checked, 'cachedInputTokens'),
      'gen_ai.usage.cache_write.input_tokens': reportedTokens(checked, 'cacheWriteInputTokens'),
      'gen_ai.usage.output_tokens': checked.outputTokens,
      'codex.usage.reasoning_output_tokens': reportedTokens(checked, 'reasoningOutputTokens'),
      'codex.usage.total_tokens': checked.totalTokens,
      'gen_ai.response.id': text(property(ids, 'responseId')),
      'gen_ai.conversation.id': text(property(ids, 'conversationId')),
      'gen_ai.response.model': text(property(ids, 'model')),
    }),
  );
}

/**
 * Puts the usage of a whole turn on the turn's span: the seven attributes `codex.turn.token_usage.*`, zeros included.
 * A part that not every response reported is left out, and so are values computed from it. Invalid usage (not whole numbers of at least 0)
 * sets nothing. Never throws.
 */
export function recordTurnTokenUsage(span: Span, usage: TokenUsage): void {
  const checked = checkedTokenUsage(usage);
  if (checked === undefined) return;
  setAttributes(
    span,
    spanAttributes(turnUsageAttributes, {
      'codex.turn.token_usage.input_tokens': checked.inputTokens,
      'codex.turn.token_usage.cached_input_tokens': reportedTokens(checked, 'cachedInputTokens'),
      'codex.turn.token_usage.cache_write_input_tokens': reportedTokens(checked, 'cacheWriteInputTokens'),
      'codex.turn.token_usage.non_cached_input_tokens': isReported(checked, 'cachedInputTokens')
        ? nonCachedInputTokens(checked)
        : undefined,
      'codex.turn.token_usage.output_tokens': checked.outputTokens,
      'codex.turn.token_usage.reasoning_output_tokens': reportedTokens(checked, 'reasoningOutputTokens'),
      'codex.turn.token_usage.total_tokens': checked.totalTokens,
    }),
  );
}

/** The host's span may be missing, or throw. */
function setAttributes(span: Span, attributes: Attributes): void {
  try {
    span.setAttributes(attributes);
  } catch (error) {
    reportFailure('record token usage', error);
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
