import { tokenUsageFromAnthropicMessage } from '@codex-otel/token-usage';
import { property } from '../../property.ts';
import type { ResponseEnd, ResponseEvent } from '../response-event.ts';
import {
  OTHER_DELTA,
  REASONING_DELTA,
  TOOL_INPUT_DELTA,
  text,
  toolCall,
  UNNAMED,
  usageProblem,
  word,
} from '../response-event.ts';
import type { StreamFormat, StreamReader } from '../stream-reader.ts';

/** Anthropic's Messages API. */
export const anthropicMessages: StreamFormat = {
  accepts: (_event, type) => type !== undefined && (type.startsWith('message_') || type.startsWith('content_block_')),
  open: () => new AnthropicMessage(),
  whole(answer) {
    if (property(answer, 'type') !== 'message' || !Array.isArray(property(answer, 'content'))) return undefined;
    const message = new AnthropicMessage();
    message.read({ message: answer }, 'message_start');
    return [message.read({}, 'message_stop')];
  },
};

const TEXT: ResponseEvent = { name: 'text_delta', delta: true, token: true };
const MESSAGE: ResponseEvent = { message: true };

/** The GenAI conventions' names for why the model stopped. Other reasons are passed on. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  tool_use: 'tool_calls',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'content_filter',
};

/** Reads one message. Its usage comes in several parts; the largest number of each field is the latest. */
class AnthropicMessage implements StreamReader {
  #id: string | undefined;
  #model: string | undefined;
  #stopReason: string | undefined;
  #usage: Readonly<Record<string, unknown>> | undefined;

  read(event: unknown, type: string | undefined): ResponseEvent {
    switch (type) {
      case 'message_start':
        return this.#start(property(event, 'message'));
      case 'content_block_start':
        return readBlock(property(event, 'content_block'));
      case 'content_block_delta':
        return readDelta(property(property(event, 'delta'), 'type'));
      case 'message_delta':
        this.#stopReason = word(property(property(event, 'delta'), 'stop_reason')) ?? this.#stopReason;
        this.#takeUsage(property(event, 'usage'));
        return UNNAMED;
      case 'message_stop':
        this.#takeUsage(property(event, 'usage'));
        return { name: 'completed', end: this.#end() };
      default:
        return UNNAMED;
    }
  }

  /** A stream that breaks off after the stop reason has lost no part of the message. */
  end(): ResponseEnd | undefined {
    return this.#stopReason === undefined ? undefined : this.#end();
  }

  #start(message: unknown): ResponseEvent {
    this.#id = text(property(message, 'id'));
    this.#model = text(property(message, 'model'));
    this.#stopReason = word(property(message, 'stop_reason'));
    this.#usage = undefined;
    this.#takeUsage(property(message, 'usage'));
    return { name: 'created', starts: true, identity: this.#id };
  }

  #end(): ResponseEnd {
    const usage = tokenUsageFromAnthropicMessage(this.#usage);
    const stopReason = this.#stopReason;
    const end: ResponseEnd = {
      status: 'completed',
      identity: this.#id,
      responseId: this.#id,
      model: this.#model,
      serviceTier: text(this.#usage?.service_tier),
      usage,
      finishReason: stopReason === undefined ? undefined : (FINISH_REASONS[stopReason] ?? stopReason),
      problem: usageProblem(this.#usage, usage),
    };
    this.#stopReason = undefined;
    return end;
  }

  #takeUsage(reported: unknown): void {
    if (typeof reported !== 'object' || reported === null) return;
    try {
      this.#usage = { ...this.#usage, ...latest(this.#usage ?? {}, { ...reported }) };
    } catch {
      // A getter threw: the earlier usage is kept.
    }
  }
}

/** The fields of `next` that are newer than in `before`: counts are running totals, and never go back. */
function latest(
  before: Readonly<Record<string, unknown>>,
  next: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const kept = Object.entries(next).filter(([key, value]) => {
    const known = before[key];
    return value !== null && value !== undefined && !(typeof known === 'number' && Number(value) < known);
  });
  return Object.fromEntries(kept);
}

function readBlock(block: unknown): ResponseEvent {
  switch (property(block, 'type')) {
    case 'text':
      return MESSAGE;
    case 'tool_use':
      return toolCall(word(property(block, 'name')));
    default:
      return UNNAMED;
  }
}

function readDelta(type: unknown): ResponseEvent {
  if (type === 'text_delta') return TEXT;
  if (type === 'thinking_delta') return REASONING_DELTA;
  return type === 'input_json_delta' ? TOOL_INPUT_DELTA : OTHER_DELTA;
}
