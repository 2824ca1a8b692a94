import { tokenUsageFromOpenAiAgents } from '@codex-otel/token-usage';
import { property, textProperty } from '../../property.ts';
import type { ResponseEnd, ResponseEvent } from '../response-event.ts';
import { text, UNNAMED, usageProblem } from '../response-event.ts';
import type { StreamFormat, StreamReader } from '../stream-reader.ts';
import { aiSdk } from './ai-sdk.ts';
import { chatCompletions } from './chat-completions.ts';
import { responses } from './responses.ts';

/**
 * `@openai/agents`: the events of a run, and its result.
 *
 * A run contains the events of the model's server, which are read by their own reader. Some models do not pass them on; then
 * the SDK's own three events are read.
 */
export const openAiAgents: StreamFormat = {
  accepts: (_event, type) =>
    type === 'raw_model_stream_event' || type === 'run_item_stream_event' || type === 'agent_updated_stream_event',
  open: () => new AgentRun(),
  whole(answer) {
    const raw = property(answer, 'rawResponses');
    if (!Array.isArray(raw)) return undefined;
    return raw.map((response) => {
      const id = text(property(response, 'responseId')) ?? text(property(property(response, 'providerData'), 'id'));
      return { name: 'completed', end: endOf(response, id) };
    });
  },
};

/** The formats of server events within a run. */
const INNER: readonly StreamFormat[] = [responses, chatCompletions, aiSdk];

const STARTED: ResponseEvent = { name: 'created', starts: true };
const TEXT: ResponseEvent = { name: 'text_delta', delta: true, token: true };

class AgentRun implements StreamReader {
  #inner: StreamReader | undefined;
  #done: ResponseEnd | undefined;

  read(event: unknown, type: string | undefined): ResponseEvent {
    if (type !== 'raw_model_stream_event') return UNNAMED;
    const data = property(event, 'data');
    switch (property(data, 'type')) {
      case 'response_started':
        this.#inner = undefined;
        this.#done = undefined;
        return STARTED;
      case 'output_text_delta':
        return this.#inner === undefined ? TEXT : UNNAMED;
      case 'response_done': {
        const response = property(data, 'response');
        this.#done = endOf(response, text(property(response, 'id')));
        return UNNAMED;
      }
      case 'model':
        return this.#readModel(property(data, 'event'));
      default:
        return UNNAMED;
    }
  }

  isFollowedBy(event: unknown): boolean {
    return this.end() !== undefined && property(property(event, 'data'), 'type') === 'response_started';
  }

  end(): ResponseEnd | undefined {
    return this.#done && (this.#inner?.end?.(true) ?? this.#done);
  }

  #readModel(event: unknown): ResponseEvent {
    const type = textProperty(event, 'type');
    this.#inner ??= INNER.find((format) => format.accepts(event, type))?.open();
    const read = this.#inner?.read(event, type) ?? UNNAMED;
    if (read.end !== undefined) {
      this.#done = undefined;
      this.#inner = undefined;
    }
    // The SDK's own event has reported the beginning already.
    return read.starts === true
      ? { ...read, name: read.name === 'created' ? undefined : read.name, starts: false }
      : read;
  }
}

function endOf(response: unknown, responseId: string | undefined): ResponseEnd {
  const reported = property(response, 'usage');
  const usage = tokenUsageFromOpenAiAgents(reported);
  return {
    status: 'completed',
    identity: responseId && `${responseId} ${usage?.inputTokens} ${usage?.outputTokens}`,
    responseId,
    model: text(property(property(response, 'providerData'), 'model')),
    usage,
    problem: usageProblem(reported, usage),
  };
}
