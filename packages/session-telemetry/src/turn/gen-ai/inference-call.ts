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

/** The outcome of a model call, for metrics and log records. */
export interface InferenceOutcome {
  /** Milliseconds from the request to the last event. */
  readonly durationMillis: number;
  readonly firstChunkMillis: number | undefined;
  readonly end: ResponseEnd | undefined;
  /** `undefined` if nothing failed. */
  readonly errorType: string | undefined;
  /** Its attributes by the conventions, besides the usage. */
  readonly attributes: Attributes;
  /** Its content, if that may be recorded. */
  readonly content: { readonly request: unknown; readonly answer: readonly GenAiMessage[] } | undefined;
}

/** What is known of a call when it begins. */
export interface InferenceRequest {
  readonly startedAt: number;
  /** The body of the request, if the caller passed it. */
  readonly request: unknown;
  /** Whether the call is made to compact the conversation. */
  readonly compacts: boolean;
  /** Whether its content may be recorded. */
  readonly withContent: boolean;
}

/** A request to a model and its answer, by the GenAI conventions. */
export class InferenceCall {
  readonly #genAi: GenAi;
  readonly #startedAt: number;
  /** The attributes that are known before the answer. */
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

  /** How the call's own span is made; `undefined` if Codex's spans are kept. */
  get span(): { readonly name: string; readonly options: SpanOptions } | undefined {
    if (this.#genAi.mode !== 'spans') return undefined;
    const name = spanName('chat', this.#genAi.model);
    return { name, options: { kind: SpanKind.CLIENT, attributes: this.#asked } };
  }

  /**
   * The one span that carries the attributes of the response's end, including its usage: the call's own, unless that has
   * ended before the usage was reported.
   */
  carrier(own: Span, ofEvent: Span): Span {
    return this.#genAi.mode === 'spans' && !this.#closed ? own : ofEvent;
  }

  /** Takes an event of a streamed answer. */
  chunk(at: number, raw: unknown): void {
    if (this.#closed) return;
    this.#content?.answer.event(raw);
    if (this.#firstChunkAt === undefined) this.#firstChunkAt = at;
    else this.#recordChunk?.(at - this.#lastChunkAt);
    this.#lastChunkAt = at;
  }

  /** Takes an answer that was not streamed. */
  whole(raw: unknown): void {
    this.#content?.answer.whole(raw);
  }

  /** Takes what a reader made of an event. */
  event({ name, end }: ResponseEvent): void {
    if (name === 'compaction' || name === 'context_compaction') this.#compacted = true;
    if (end !== undefined) this.#end = end;
  }

  /**
   * Sets the attributes of the call, besides its usage, on the span that carries them. If the call's own span has ended, it
   * has them already.
   */
  record(carrier: Span): void {
    if (this.#genAi.mode === 'attributes' || !this.#closed) carrier.setAttributes(this.attributes);
  }

  /**
   * Ends the call. If no end was reported, its own span gets the attributes now. Without its own span, no span gets
   * them.
   */
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

/** The attributes of the end of a response, besides its usage. */
export function endAttributes(end: ResponseEnd | undefined, { provider }: Pick<GenAi, 'provider'>): Attributes {
  // Without an end, the response broke off.
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

/** The conventions' names for finish reasons of Chat Completions and compatible APIs. */
const FINISH_REASONS: ReadonlyMap<string, string> = new Map([
  ['tool_calls', 'tool_call'],
  ['function_call', 'tool_call'],
  ['cancelled', 'error'],
]);

function finishReason({ finishReason: told, status }: ResponseEnd): string | undefined {
  if (told !== undefined) return FINISH_REASONS.get(told) ?? told;
  return status === 'failed' || status === 'cancelled' ? 'error' : undefined;
}
