import { type TokenUsage, tokenUsageFromChatCompletion } from '@codex-otel/token-usage';
import { property } from '../property.ts';
import type { ResponseEnd, ResponseEvent } from './response-event.ts';

const CREATED: ResponseEvent = { name: 'created' };
const TEXT: ResponseEvent = { name: 'text_delta', delta: true, token: true, message: true };
const REASONING: ResponseEvent = { name: 'reasoning_content_delta', delta: true, token: true };
const TOOL_INPUT: ResponseEvent = { name: 'tool_input_delta', delta: true };
const FAILED: ResponseEvent = { name: 'error', error: true };
const UNNAMED: ResponseEvent = {};

/** Whether `chunk` is one of a Chat Completions stream, which names no type. */
export function isChatCompletionChunk(chunk: unknown): boolean {
  return typeof property(chunk, 'type') !== 'string' && Array.isArray(property(chunk, 'choices'));
}

/**
 * Reads a Chat Completions stream as the events that the Responses API would have sent.
 *
 * Its end is told by nothing but the end of the stream: the usage comes in a chunk after the last choice, and some
 * servers send a running usage with every chunk, of which the last counts.
 */
export class ChatCompletion {
  #started = false;
  #id: string | undefined;
  #model: string | undefined;
  #serviceTier: string | undefined;
  #finishReason: string | undefined;
  #usage: TokenUsage | undefined;
  #malformedUsage = false;

  read(chunk: unknown): ResponseEvent {
    if (property(chunk, 'error') !== undefined && property(chunk, 'error') !== null) return FAILED;
    this.#id ??= text(property(chunk, 'id'));
    this.#model ??= text(property(chunk, 'model'));
    this.#serviceTier = text(property(chunk, 'service_tier')) ?? this.#serviceTier;
    const reported = property(chunk, 'usage');
    if (reported !== undefined && reported !== null) {
      this.#usage = tokenUsageFromChatCompletion(reported);
      this.#malformedUsage = this.#usage === undefined;
    }
    const choices = property(chunk, 'choices');
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    this.#finishReason = text(property(choice, 'finish_reason')) ?? this.#finishReason;
    const event = readDelta(property(choice, 'delta'));
    if (event !== UNNAMED || this.#started) return event;
    this.#started = true;
    return CREATED;
  }

  /**
   * Whether `chunk` begins another completion: a helper that runs tools has several in one stream. A chunk without
   * choices is this one's usage, whatever id the server gives it.
   */
  isFollowedBy(chunk: unknown): boolean {
    if (this.#finishReason === undefined) return false;
    const id = text(property(chunk, 'id'));
    const choices = property(chunk, 'choices');
    return id !== undefined && id !== this.#id && Array.isArray(choices) && choices.length > 0;
  }

  /** How the completion ended, once a choice has; `undefined` while it has not. */
  end(): ResponseEnd | undefined {
    if (this.#finishReason === undefined) return undefined;
    return {
      status: 'completed',
      responseId: this.#id,
      model: this.#model,
      serviceTier: this.#serviceTier,
      reasoningEffort: undefined,
      usage: this.#usage,
      finishReason: this.#finishReason,
      problem: this.#malformedUsage ? 'its usage is malformed' : undefined,
      error: undefined,
    };
  }
}

function readDelta(delta: unknown): ResponseEvent {
  if (text(property(delta, 'content')) !== undefined) return TEXT;
  const calls = property(delta, 'tool_calls');
  const call: unknown = Array.isArray(calls) ? calls[0] : undefined;
  if (call !== undefined) {
    const toolName = text(property(property(call, 'function'), 'name'));
    if (toolName === undefined) return TOOL_INPUT;
    return { name: 'function_call', from: 'output_item_added', token: true, toolName };
  }
  const reasoning = text(property(delta, 'reasoning_content')) ?? text(property(delta, 'reasoning'));
  return reasoning === undefined ? UNNAMED : REASONING;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
