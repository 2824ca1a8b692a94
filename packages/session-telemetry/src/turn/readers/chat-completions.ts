import { tokenUsageFromChatCompletion, tokenUsageFromResponse } from '@codex-otel/token-usage';
import { firstItem, property } from '../../property.ts';
import type { ResponseEnd, ResponseEvent } from '../response-event.ts';
import { REASONING_DELTA, TOOL_INPUT_DELTA, text, toolCall, UNNAMED, usageProblem, word } from '../response-event.ts';
import type { StreamFormat, StreamReader } from '../stream-reader.ts';

/** OpenAI's Chat Completions API, and the many compatible servers. */
export const chatCompletions: StreamFormat = {
  accepts: isChunk,
  open: () => new ChatCompletion(),
  whole(answer) {
    if (!Array.isArray(property(answer, 'choices'))) return undefined;
    const completion = new ChatCompletion();
    completion.read(answer);
    const end = completion.end(true);
    return end === undefined ? [] : [{ name: end.status, end }];
  },
};

const TEXT: ResponseEvent = { name: 'text_delta', delta: true, token: true, message: true };

/** Some servers add a type of their own. */
function isChunk(event: unknown, type: string | undefined): boolean {
  if (Array.isArray(property(event, 'choices'))) return true;
  const object = property(event, 'object');
  if (typeof object === 'string' && object.startsWith('chat.completion')) return true;
  return type === undefined && tokenUsageFromChatCompletion(property(event, 'usage')) !== undefined;
}

/**
 * Reads one completion into the events that the Responses API would have sent.
 *
 * Only the end of the stream ends it: the usage comes in a chunk after the last choice, or with every chunk, and then the
 * last one with tokens counts. Without a `finish_reason`, a completion counts as ended if `[DONE]` or a usage came.
 */
class ChatCompletion implements StreamReader {
  #started = false;
  #id: string | undefined;
  /** Whether a chunk had another id than the first. Then ids distinguish nothing. */
  #idVaries = false;
  #created: unknown;
  #model: string | undefined;
  #serviceTier: string | undefined;
  #finishReason: string | undefined;
  #usage: unknown;

  read(chunk: unknown): ResponseEvent {
    const id = text(property(chunk, 'id'));
    this.#idVaries ||= id !== undefined && this.#id !== undefined && id !== this.#id;
    this.#id ??= id;
    this.#created ??= property(chunk, 'created');
    this.#model ??= text(property(chunk, 'model'));
    this.#serviceTier = text(property(chunk, 'service_tier')) ?? this.#serviceTier;
    const choice = firstItem(chunk, 'choices');
    this.#takeUsage(chunk, choice);
    this.#finishReason = word(property(choice, 'finish_reason')) ?? this.#finishReason;
    const event = readDelta(choice);
    if (this.#finishReason === 'error' && event === UNNAMED) return { name: 'error', failure: { error: CUT } };
    if (this.#started) return event;
    this.#started = true;
    return event === UNNAMED ? { name: 'created', starts: true } : { ...event, starts: true };
  }

  /**
   * A helper that runs tools has several completions in one stream. A chunk without a message is this one's usage,
   * whatever id the server gives it.
   */
  isFollowedBy(chunk: unknown): boolean {
    if (this.#finishReason === undefined || this.#idVaries) return false;
    const id = text(property(chunk, 'id'));
    if (id === undefined || id === this.#id) return false;
    const choice = firstItem(chunk, 'choices');
    if (text(property(choice, 'finish_reason')) !== undefined && property(chunk, 'usage')) return false;
    return text(property(property(choice, 'delta'), 'role')) !== undefined || readDelta(choice) !== UNNAMED;
  }

  end(told: boolean): ResponseEnd | undefined {
    const reported = this.#usage;
    if (this.#finishReason === undefined && reported === undefined && !(told && this.#started)) return undefined;
    // mlx and others use the field names of the Responses API, with the same meaning.
    const usage = tokenUsageFromChatCompletion(reported) ?? tokenUsageFromResponse(reported);
    const failed = this.#finishReason === 'error';
    return {
      status: failed ? 'failed' : 'completed',
      // Local servers have only a few hundred ids, so the id alone is not unique.
      identity: this.#id && `${this.#id} ${String(this.#created)} ${usage?.inputTokens} ${usage?.outputTokens}`,
      responseId: this.#id,
      model: this.#model,
      serviceTier: this.#serviceTier,
      usage,
      finishReason: this.#finishReason,
      problem: usageProblem(reported, usage),
      error: failed ? CUT : undefined,
    };
  }

  #takeUsage(chunk: unknown, choice: unknown): void {
    const reported =
      property(chunk, 'usage') ?? property(choice, 'usage') ?? property(property(chunk, 'x_groq'), 'usage');
    // A usage of `null` counts as absent.
    if (this.#usage === undefined || countsTokens(reported)) this.#usage = reported ?? undefined;
  }
}

/** The error of a server that only says so by the finish reason. */
const CUT = { code: 'error', message: 'the server ended its answer with finish_reason "error"' } as const;

const COUNTS = ['prompt_tokens', 'completion_tokens', 'total_tokens', 'input_tokens', 'output_tokens'] as const;

/** Whether a chunk has a usage: some servers also send zeros, or only a cost or times. */
function countsTokens(usage: unknown): boolean {
  return COUNTS.some((name) => {
    const count = property(usage, name);
    return typeof count === 'number' && count !== 0;
  });
}

function readDelta(choice: unknown): ResponseEvent {
  const delta = property(choice, 'delta');
  if (text(property(delta, 'content')) !== undefined || text(property(choice, 'text')) !== undefined) return TEXT;
  const call = firstItem(delta, 'tool_calls');
  if (call !== undefined) {
    const toolName = text(property(property(call, 'function'), 'name'));
    return toolName === undefined ? TOOL_INPUT_DELTA : toolCall(toolName);
  }
  const reasoning = text(property(delta, 'reasoning_content')) ?? text(property(delta, 'reasoning'));
  return reasoning === undefined ? UNNAMED : REASONING_DELTA;
}
