import type { TokenUsage } from '@codex-otel/token-usage';
import { addTokenUsage, checkedTokenUsage } from '@codex-otel/token-usage';
import type { Attributes, Span } from './telemetry.ts';
import { numberAttribute } from './telemetry.ts';

const TURN = 'codex.turn.token_usage.';

/**
 * Usage of one response: on `handle_responses`, or on the `chat` span of the GenAI conventions. Other spans may carry
 * `gen_ai.usage.*` too, such as turn spans of old Codex versions. Those would count tokens twice.
 */
export function responseUsage({ name, attributes }: Span): TokenUsage | undefined {
  if (name !== 'handle_responses' && !isChatSpan({ name, attributes })) return undefined;
  const count = (key: string) => numberAttribute(attributes, key);
  const inputTokens = count('gen_ai.usage.input_tokens');
  const outputTokens = count('gen_ai.usage.output_tokens');
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const total = (inputTokens ?? 0) + (outputTokens ?? 0);
  return checkedTokenUsage({
    inputTokens: inputTokens ?? 0,
    cachedInputTokens: count('gen_ai.usage.cache_read.input_tokens') ?? 0,
    cacheWriteInputTokens:
      count('gen_ai.usage.cache_write.input_tokens') ?? count('gen_ai.usage.cache_creation.input_tokens') ?? 0,
    outputTokens: outputTokens ?? 0,
    reasoningOutputTokens:
      count('codex.usage.reasoning_output_tokens') ?? count('gen_ai.usage.reasoning.output_tokens') ?? 0,
    totalTokens: count('codex.usage.total_tokens') ?? total,
  });
}

/** Whether it is the span of a whole model call by the GenAI conventions. */
export function isChatSpan({ name, attributes }: Pick<Span, 'name' | 'attributes'>): boolean {
  return (name === 'chat' || name.startsWith('chat ')) && attributes['gen_ai.operation.name'] === 'chat';
}

/** The usage on a turn's span. */
export function turnSpanUsage(attributes: Attributes): TokenUsage | undefined {
  const count = (key: string) => numberAttribute(attributes, `${TURN}${key}`);
  const inputTokens = count('input_tokens');
  const outputTokens = count('output_tokens');
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return checkedTokenUsage({
    inputTokens,
    cachedInputTokens: count('cached_input_tokens') ?? 0,
    cacheWriteInputTokens: count('cache_write_input_tokens') ?? 0,
    outputTokens,
    reasoningOutputTokens: count('reasoning_output_tokens') ?? 0,
    totalTokens: count('total_tokens') ?? inputTokens + outputTokens,
  });
}

/** The sum; `undefined` if nothing is known. */
export function sumUsage(usages: readonly (TokenUsage | undefined)[]): TokenUsage | undefined {
  const known = usages.filter((usage) => usage !== undefined);
  return known.length === 0 ? undefined : known.reduce(addTokenUsage);
}

/** Usage in four parts that add up to input and output. */
export interface TokenParts {
  readonly cached: number;
  readonly freshInput: number;
  readonly reasoning: number;
  readonly otherOutput: number;
}

export function tokenParts(usage: TokenUsage): TokenParts {
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens);
  const reasoning = Math.min(usage.reasoningOutputTokens, usage.outputTokens);
  return {
    cached,
    freshInput: usage.inputTokens - cached,
    reasoning,
    otherOutput: usage.outputTokens - reasoning,
  };
}

/** Share of the input that was read from the cache, from 0 to 1; `undefined` without input. */
export function cacheHitRatio(usage: TokenUsage | undefined): number | undefined {
  if (usage === undefined || usage.inputTokens === 0) return undefined;
  return Math.min(usage.cachedInputTokens / usage.inputTokens, 1);
}
