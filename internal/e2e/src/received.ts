import type { PlainAttributes, ReceivedLogRecord, ReceivedMetric, ReceivedSpan } from '@codex-otel/otlp-collector';
import type { TokenUsage } from '@codex-otel/token-usage';

/** The `gen_ai.usage.*` of a span; `undefined` when it has none of it. */
export function responseUsage({ attributes }: ReceivedSpan): TokenUsage | undefined {
  return usage(attributes, {
    inputTokens: 'gen_ai.usage.input_tokens',
    cachedInputTokens: 'gen_ai.usage.cache_read.input_tokens',
    cacheWriteInputTokens: 'gen_ai.usage.cache_write.input_tokens',
    outputTokens: 'gen_ai.usage.output_tokens',
    reasoningOutputTokens: 'codex.usage.reasoning_output_tokens',
    totalTokens: 'codex.usage.total_tokens',
  });
}

/** The `codex.turn.token_usage.*` of a span; `undefined` when it has none of it. */
export function turnUsage({ attributes }: ReceivedSpan): TokenUsage | undefined {
  return usage(attributes, {
    inputTokens: 'codex.turn.token_usage.input_tokens',
    cachedInputTokens: 'codex.turn.token_usage.cached_input_tokens',
    cacheWriteInputTokens: 'codex.turn.token_usage.cache_write_input_tokens',
    outputTokens: 'codex.turn.token_usage.output_tokens',
    reasoningOutputTokens: 'codex.turn.token_usage.reasoning_output_tokens',
    totalTokens: 'codex.turn.token_usage.total_tokens',
  });
}

/** Spans that carry any usage, in the order in which they started. */
export function spansWithUsage(spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] {
  return inOrder(spans).filter((span) => Object.keys(span.attributes).some((key) => key.includes('usage.')));
}

export function inOrder(spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] {
  return [...spans].sort((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano));
}

/** Log records of one event. */
export function recordsOf(records: readonly ReceivedLogRecord[], eventName: string): readonly ReceivedLogRecord[] {
  return records.filter((record) => record.attributes['event.name'] === eventName);
}

/** Usage records: completed, with tokens and without a duration. */
export function usageRecords(records: readonly ReceivedLogRecord[]): readonly ReceivedLogRecord[] {
  return recordsOf(records, 'codex.sse_event').filter(({ attributes }) => attributes.input_token_count !== undefined);
}

/** Sum over a metric's points, of a counter's values or a histogram's sums; `undefined` when it did not arrive. */
export function metricSum(
  metrics: readonly ReceivedMetric[],
  name: string,
  tags: PlainAttributes = {},
): number | undefined {
  let sum: number | undefined;
  for (const metric of metrics.filter((candidate) => candidate.name === name)) {
    for (const point of metric.points) {
      if (!Object.entries(tags).every(([key, value]) => point.attributes[key] === value)) continue;
      sum = (sum ?? 0) + Number('value' in point ? point.value : (point.sum ?? 0));
    }
  }
  return sum;
}

function usage(
  attributes: PlainAttributes,
  keys: Readonly<Record<Exclude<keyof TokenUsage, 'reported'>, string>>,
): TokenUsage | undefined {
  if (Object.values(keys).every((key) => attributes[key] === undefined)) return undefined;
  const read = (key: string) => {
    const value = attributes[key];
    return typeof value === 'number' ? value : Number.NaN;
  };
  return {
    inputTokens: read(keys.inputTokens),
    cachedInputTokens: read(keys.cachedInputTokens),
    cacheWriteInputTokens: read(keys.cacheWriteInputTokens),
    outputTokens: read(keys.outputTokens),
    reasoningOutputTokens: read(keys.reasoningOutputTokens),
    totalTokens: read(keys.totalTokens),
  };
}
