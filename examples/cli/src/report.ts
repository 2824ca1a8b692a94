import type { OtlpCollector, PlainAttributes, ReceivedSpan } from '@codex-otel/otlp-collector';
import type { TokenUsage } from '@codex-otel/token-usage';
import { addTokenUsage, NO_TOKEN_USAGE } from '@codex-otel/token-usage';
import type { TurnResult } from './agent.ts';
import { componentMillis } from './session-facts.ts';

/** A span that arrived, with its children. */
export interface SpanReport {
  readonly name: string;
  /** What distinguishes it from others of the same name, e.g. the event of a `handle_responses` span. */
  readonly detail: string;
  /** From the start of the turn. */
  readonly startMillis: number;
  readonly durationMillis: number;
  readonly failed: boolean;
  /** The usage on the span, if it has any. */
  readonly tokens: TokenUsage | undefined;
  readonly children: readonly SpanReport[];
}

/** One response of the model, from its `handle_responses` span. */
export interface ResponseReport {
  readonly responseId: string;
  readonly tokens: TokenUsage;
}

/** One turn. */
export interface TurnReport {
  readonly title: string;
  readonly turnId: string;
  readonly traceId: string;
  readonly answer: string;
  /** What the agent counted while it ran. */
  readonly countedTokens: TokenUsage;
  /** What arrived of it; `undefined` if it was sent elsewhere. */
  readonly arrived:
    | {
        readonly outcome: string;
        readonly durationMillis: number;
        /** Where its time went, as the turn measured it, by component. */
        readonly profile: Readonly<Record<string, number>>;
        /** The usage on the turn's span; the span of a compaction has none. */
        readonly tokens: TokenUsage | undefined;
        readonly responses: readonly ResponseReport[];
        readonly spans: SpanReport;
      }
    | undefined;
}

/** How many of each arrived, by name. */
export interface ArrivedCounts {
  readonly requests: number;
  readonly spans: Readonly<Record<string, number>>;
  readonly logRecords: Readonly<Record<string, number>>;
  /** Data points. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** A turn's span, by Codex's name or by that of the GenAI conventions. */
const TURN_SPAN = /^(session_task\.|invoke_agent\b)/;
const TURN_USAGE = 'codex.turn.token_usage.';

/** What the collector has of a turn. @throws if its span is missing */
export function reportTurn(title: string, turn: TurnResult, collector: OtlpCollector | undefined): TurnReport {
  const { turnId, traceId, answer, usage: countedTokens } = turn;
  const known = { title, turnId, traceId, answer, countedTokens };
  if (collector === undefined) return { ...known, arrived: undefined };
  const spans = collector.spans().filter((span) => span.traceId === traceId);
  const root = spans.find(({ name, attributes }) => TURN_SPAN.test(name) && attributes['turn.id'] === turnId);
  if (root === undefined) throw new Error(`the span of turn ${turnId} did not arrive`);
  const tree = spanReport(root, spans, root.startTimeUnixNano);
  return {
    ...known,
    arrived: {
      outcome: String(root.attributes['codex.turn.outcome']),
      durationMillis: tree.durationMillis,
      profile: componentMillis([root]),
      tokens: turnTokens(root.attributes),
      responses: below(root, spans).flatMap((span) => {
        const tokens = responseTokens(span.attributes);
        return tokens === undefined ? [] : [{ responseId: String(span.attributes['gen_ai.response.id']), tokens }];
      }),
      spans: tree,
    },
  };
}

/** What arrived, by name. */
export function countArrived(collector: OtlpCollector): ArrivedCounts {
  return {
    requests: collector.requests().length,
    spans: tally(collector.spans().map((span) => [span.name, 1])),
    logRecords: tally(collector.logRecords().map((record) => [String(record.attributes['event.name']), 1])),
    metrics: tally(collector.metrics().map((metric) => [metric.name, metric.points.length])),
  };
}

/** The sum of the responses' usage, or what the agent counted if the telemetry was sent elsewhere. */
export function totalTokens(turns: readonly TurnReport[]): TokenUsage {
  return turns
    .flatMap((turn) => turn.arrived?.responses.map((response) => response.tokens) ?? [turn.countedTokens])
    .reduce(addTokenUsage, NO_TOKEN_USAGE);
}

function spanReport(span: ReceivedSpan, spans: readonly ReceivedSpan[], origin: bigint): SpanReport {
  return {
    name: span.name,
    detail: spanDetail(span),
    startMillis: millisBetween(origin, span.startTimeUnixNano),
    durationMillis: millisBetween(span.startTimeUnixNano, span.endTimeUnixNano),
    failed: span.status.code === 'error',
    tokens: turnTokens(span.attributes) ?? responseTokens(span.attributes),
    children: childrenOf(span, spans).map((child) => spanReport(child, spans, origin)),
  };
}

function spanDetail({ name, attributes, events }: ReceivedSpan): string {
  switch (name) {
    case 'handle_responses':
      return [attributes['codex.response.event'], attributes.tool_name].filter(isText).join(' ');
    case 'receiving_stream':
      return `ttft ${attributes['codex.stream.ttft_ms']} ms, ${attributes['codex.stream.delta_count']} deltas`;
    case 'stream_request':
      return `attempt ${Number(attributes.attempt) + 1}: ${attributes['http.response.status_code'] ?? 'no answer'}`;
    case 'handle_tool_call':
      return isText(attributes.tool_name) ? attributes.tool_name : '';
    default:
      return events.length === 0 ? '' : `${events.length} events`;
  }
}

function turnTokens(attributes: PlainAttributes): TokenUsage | undefined {
  if (attributes[`${TURN_USAGE}total_tokens`] === undefined) return undefined;
  return {
    inputTokens: Number(attributes[`${TURN_USAGE}input_tokens`]),
    cachedInputTokens: Number(attributes[`${TURN_USAGE}cached_input_tokens`]),
    cacheWriteInputTokens: Number(attributes[`${TURN_USAGE}cache_write_input_tokens`]),
    outputTokens: Number(attributes[`${TURN_USAGE}output_tokens`]),
    reasoningOutputTokens: Number(attributes[`${TURN_USAGE}reasoning_output_tokens`]),
    totalTokens: Number(attributes[`${TURN_USAGE}total_tokens`]),
  };
}

function responseTokens(attributes: PlainAttributes): TokenUsage | undefined {
  if (attributes['gen_ai.usage.input_tokens'] === undefined) return undefined;
  return {
    inputTokens: Number(attributes['gen_ai.usage.input_tokens']),
    cachedInputTokens: Number(attributes['gen_ai.usage.cache_read.input_tokens']),
    cacheWriteInputTokens: Number(attributes['gen_ai.usage.cache_write.input_tokens']),
    outputTokens: Number(attributes['gen_ai.usage.output_tokens']),
    reasoningOutputTokens: Number(attributes['codex.usage.reasoning_output_tokens']),
    totalTokens: Number(attributes['codex.usage.total_tokens']),
  };
}

/** All descendants of a span, parents before children. */
function below(span: ReceivedSpan, spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] {
  return childrenOf(span, spans).flatMap((child) => [child, ...below(child, spans)]);
}

/** By their start. */
function childrenOf(parent: ReceivedSpan, spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] {
  return spans
    .filter((span) => span.parentSpanId === parent.spanId)
    .sort((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano));
}

function tally(counted: readonly (readonly [string, number])[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const [name, count] of counted) counts.set(name, (counts.get(name) ?? 0) + count);
  return Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b)));
}

function millisBetween(start: bigint, end: bigint): number {
  return Number(end - start) / 1e6;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
