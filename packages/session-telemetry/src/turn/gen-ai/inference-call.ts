import { errorType, reportedTokens, spanAttributes } from '@codex-otel/token-usage';
import type { Attributes, Span, SpanOptions } from '@opentelemetry/api';
import { SpanKind } from '@opentelemetry/api';
import type { ResponseEnd, ResponseEvent } from '../response-event.ts';
import { AnswerCollector } from './answer-collector.ts';
import type { GenAi } from './gen-ai.ts';
import { spanName } from './gen-ai.ts';
import { inferenceAttributes } from './gen-ai-attributes.ts';
import { chunkRecorder } from './gen-ai-turn-metrics.ts';
import type { GenAiMessage } from './messages.ts';
import { requestAttributes } from './request-attributes.ts';

/** What an inference came to, for metrics and log records. */
export interface InferenceOutcome {
  /** Milliseconds from the request to the last event. */
  readonly durationMillis: number;
  readonly firstChunkMillis: number | undefined;
  readonly end: ResponseEnd | undefined;
  /** Absent where nothing failed. */
  readonly errorType: string | undefined;
  /** All that the conventions say of it beside the usage. */
  readonly attributes: Attributes;
  /** Its content, where that may be recorded. */
  readonly content: { readonly request: unknown; readonly answer: readonly GenAiMessage[] } | undefined;
}

/** What a call is made with beside the turn. */
export interface InferenceRequest {
  readonly startedAt: number;
  /** The body of the request, where the caller handed it over. */
  readonly request: unknown;
  /** Whether the call is made to compact the conversation. */
  readonly compacts: boolean;
  /** Whether its content may be recorded. */
  readonly withContent: boolean;
}

/** A request to a model and the answer to it, in the words of the GenAI conventions. */
export class InferenceCall {
  readonly #genAi: GenAi;
  readonly #startedAt: number;
  /** What is known before the answer. */
  readonly #asked: Attributes;
  readonly #recordChunk: ((millis: number) => void) | undefined;
  readonly #content: { readonly request: unknown; readonly answer: AnswerCollector } | undefined;
  #firstChunkAt: number | undefined;
  #lastChunkAt = 0;
  #compacted: boolean;
  #end: ResponseEnd | undefined;
  #closed = false;

  constructor(genAi: GenAi, { startedAt, request, compacts, withContent }: InferenceRequest) {
    this.#genAi = genAi;
    this.#startedAt = startedAt;
    this.#recordChunk = chunkRecorder(genAi);
    this.#compacted = compacts;
    if (withContent) this.#content = { request, answer: new AnswerCollector() };
    const { provider, model, conversationId, server, reasoningLevel } = genAi;
    this.#asked = {
      ...spanAttributes(inferenceAttributes, {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': provider,
        'gen_ai.request.model': model,
        'gen_ai.conversation.id': conversationId,
        'gen_ai.request.reasoning.level': reasoningLevel,
        'server.address': server?.address,
        'server.port': server?.port,
      }),
      ...requestAttributes(request, provider),
    };
  }

  /** What the call's own span is made with; `undefined` where Codex's spans stay. */
  get span(): { readonly name: string; readonly options: SpanOptions } | undefined {
    if (this.#genAi.mode !== 'spans') return undefined;
    const name = spanName('chat', this.#genAi.model);
    return { name, options: { kind: SpanKind.CLIENT, attributes: this.#asked } };
  }

  /**
   * The span that carries what is known at the end of the response, usage included: no other of its spans does. It is
   * the call's own, unless that has ended when the usage is told.
   */
  carrier(own: Span, ofEvent: Span): Span {
    return this.#genAi.mode === 'spans' && !this.#closed ? own : ofEvent;
  }

  /** Something of a streamed answer came. */
  chunk(at: number, raw: unknown): void {
    if (this.#closed) return;
    this.#content?.answer.event(raw);
    if (this.#firstChunkAt === undefined) this.#firstChunkAt = at;
    else this.#recordChunk?.(at - this.#lastChunkAt);
    this.#lastChunkAt = at;
  }

  /** The answer came in one piece. */
  whole(raw: unknown): void {
    this.#content?.answer.whole(raw);
  }

  /** An event was read. */
  event({ name, end }: ResponseEvent): void {
    if (name === 'compaction' || name === 'context_compaction') this.#compacted = true;
    if (end !== undefined) this.#end = end;
  }

  /**
   * Puts all that the conventions say of the call, beside its usage, on the span that carries it. Where the call's own
   * span has ended, it has said so.
   */
  record(carrier: Span): void {
    if (this.#genAi.mode === 'attributes' || !this.#closed) carrier.setAttributes(this.attributes);
  }

  /** The call is over. Where nothing told its end, its own span says so; without one of its own, nothing does. */
  close(endedAt: number, failure: { readonly error: unknown } | undefined, own: Span): InferenceOutcome | undefined {
    if (this.#closed) return undefined;
    this.#closed = true;
    const end = this.#end;
    if (end === undefined && this.#genAi.mode === 'spans') own.setAttributes(this.attributes);
    const failed = failure ?? (end?.status === 'failed' ? { error: end.error } : undefined);
    return {
      durationMillis: endedAt - this.#startedAt,
      firstChunkMillis: this.#firstChunkAt === undefined ? undefined : this.#firstChunkAt - this.#startedAt,
      end,
      errorType: failed === undefined ? undefined : errorType(failed.error),
      attributes: this.attributes,
      content: this.#content && { request: this.#content.request, answer: this.#content.answer.messages },
    };
  }

  get attributes(): Attributes {
    const firstChunkAt = this.#firstChunkAt;
    return {
      ...this.#asked,
      ...spanAttributes(inferenceAttributes, {
        'gen_ai.request.stream': firstChunkAt === undefined ? undefined : true,
        'gen_ai.conversation.compacted': this.#compacted ? true : undefined,
        'gen_ai.response.time_to_first_chunk':
          firstChunkAt === undefined ? undefined : (firstChunkAt - this.#startedAt) / 1000,
      }),
      ...endAttributes(this.#end, this.#genAi),
    };
  }
}

/** What the end of a response says, beside its usage. */
export function endAttributes(end: ResponseEnd | undefined, { provider }: Pick<GenAi, 'provider'>): Attributes {
  // Nothing ended it: it broke off.
  if (end === undefined) return spanAttributes(inferenceAttributes, { 'gen_ai.response.finish_reasons': ['error'] });
  const reason = finishReason(end);
  return spanAttributes(inferenceAttributes, {
    'gen_ai.response.id': end.responseId,
    'gen_ai.response.model': end.model,
    'gen_ai.response.finish_reasons': reason === undefined ? undefined : [reason],
    'gen_ai.usage.reasoning.output_tokens': end.usage && reportedTokens(end.usage, 'reasoningOutputTokens'),
    'openai.response.service_tier': provider === 'openai' ? end.serviceTier : undefined,
  });
}

/** The convention's words for what Chat Completions and those that follow it say. */
const FINISH_REASONS: ReadonlyMap<string, string> = new Map([
  ['tool_calls', 'tool_call'],
  ['function_call', 'tool_call'],
  ['cancelled', 'error'],
]);

function finishReason({ finishReason: told, status }: ResponseEnd): string | undefined {
  if (told !== undefined) return FINISH_REASONS.get(told) ?? told;
  return status === 'failed' || status === 'cancelled' ? 'error' : undefined;
}
