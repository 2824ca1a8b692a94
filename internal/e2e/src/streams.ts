import { readRecording, readSession } from '@codex-otel/example-cli';
import type { TokenUsage } from '@codex-otel/token-usage';

/** An event of a Responses stream. */
export interface StreamEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** The usage object of a response, as the API sends it. */
export interface ApiUsage {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly reasoning_tokens: number };
  readonly total_tokens: number;
}

/** A recorded stream that the demo ships. */
export async function shippedStream(name: string): Promise<readonly StreamEvent[]> {
  return (await readRecording(name)).map((line) => JSON.parse(line));
}

/** For each turn of the demo's script, the streams that its model replays. */
export async function demoScript(): Promise<readonly { readonly kind: string; readonly streams: readonly string[] }[]> {
  const { turns } = await readSession();
  return turns.map(({ kind, model }) => ({
    kind,
    streams: model.flatMap((answer) => ('stream' in answer ? [answer.stream] : [])),
  }));
}

/**
 * Id and usage of each response that a stream completes. Written out by hand rather than through token-usage, which
 * is what is being tested.
 */
export function responsesOf(events: readonly StreamEvent[]): readonly { id: string; usage: TokenUsage }[] {
  return events.flatMap((event) => {
    if (event.type !== 'response.completed' && event.type !== 'response.incomplete') return [];
    const { id, usage } = event.response as { id: string; usage: ApiUsage | null }; // what the API sends here
    return usage === null ? [] : [{ id, usage: expectedUsage(usage) }];
  });
}

function expectedUsage(usage: ApiUsage): TokenUsage {
  return {
    inputTokens: usage.input_tokens,
    cachedInputTokens: usage.input_tokens_details.cached_tokens,
    cacheWriteInputTokens: 0,
    outputTokens: usage.output_tokens,
    reasoningOutputTokens: usage.output_tokens_details.reasoning_tokens,
    totalTokens: usage.total_tokens,
  };
}

/** Adds up, field by field. */
export function sumUsage(usages: readonly TokenUsage[]): TokenUsage {
  const sum = (pick: (usage: TokenUsage) => number) => usages.reduce((total, usage) => total + pick(usage), 0);
  return {
    inputTokens: sum((usage) => usage.inputTokens),
    cachedInputTokens: sum((usage) => usage.cachedInputTokens),
    cacheWriteInputTokens: sum((usage) => usage.cacheWriteInputTokens),
    outputTokens: sum((usage) => usage.outputTokens),
    reasoningOutputTokens: sum((usage) => usage.reasoningOutputTokens),
    totalTokens: sum((usage) => usage.totalTokens),
  };
}

/** An async iterable over events, as a client's stream is. */
export async function* streamOf(events: readonly StreamEvent[]): AsyncGenerator<StreamEvent> {
  for (const event of events) yield event;
}
