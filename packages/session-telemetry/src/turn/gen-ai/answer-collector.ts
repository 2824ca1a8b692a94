import { firstItem, property } from '../../property.ts';
import type { GenAiMessage, GenAiPart } from './messages.ts';
import { messagesOf } from './messages.ts';

/** How many characters of an answer are kept: more than any limit of what is recorded. */
const MAX_LENGTH = 131_072;

interface StartedCall {
  readonly id: unknown;
  readonly name: unknown;
  arguments: string;
}

/** Collects a model's answer from the events of a stream, or from an answer that was not streamed. */
export class AnswerCollector {
  readonly #items: unknown[] = [];
  #text = '';
  #reasoning = '';
  readonly #calls = new Map<unknown, StartedCall>();

  /** Takes an event of the Responses API, of Anthropic's messages or of the AI SDK, or a chunk of Chat Completions. */
  event(event: unknown): void {
    switch (property(event, 'type')) {
      case 'response.output_item.done':
        this.#items.push(property(event, 'item'));
        return;
      case 'content_block_start': {
        const block = property(event, 'content_block');
        if (property(block, 'type') === 'tool_use') this.#call(property(event, 'index'), block);
        return;
      }
      case 'content_block_delta': {
        const delta = property(event, 'delta');
        this.#addText(property(delta, 'text'));
        this.#addReasoning(property(delta, 'thinking'));
        this.#addArguments(property(event, 'index'), property(delta, 'partial_json'));
        return;
      }
      case 'text-delta':
        this.#addText(property(event, 'text') ?? property(event, 'delta') ?? property(event, 'textDelta'));
        return;
      case 'tool-call':
        this.#items.push({
          type: 'function_call',
          call_id: property(event, 'toolCallId'),
          name: property(event, 'toolName'),
          arguments: property(event, 'input') ?? property(event, 'args'),
        });
        return;
      case undefined:
        this.#chunk(event);
    }
  }

  /** Takes an answer that was not streamed. */
  whole(answer: unknown): void {
    const output = property(answer, 'output');
    const choices = property(answer, 'choices');
    if (Array.isArray(output)) this.#items.push(...output);
    else if (Array.isArray(choices)) this.#items.push(property(choices[0], 'message'));
    else if (property(answer, 'role') === 'assistant')
      this.#items.push({ role: 'assistant', content: property(answer, 'content') });
    else this.#addText(property(answer, 'text'));
  }

  /** The part of the answer that has arrived; empty if there is none. */
  get messages(): readonly GenAiMessage[] {
    const parts: GenAiPart[] = messagesOf(this.#items).flatMap((message) => message.parts);
    if (this.#reasoning !== '') parts.push({ type: 'reasoning', content: this.#reasoning });
    if (this.#text !== '') parts.push({ type: 'text', content: this.#text });
    const calls = [...this.#calls.values()].map((call) => ({ ...call, type: 'function_call', call_id: call.id }));
    parts.push(...messagesOf(calls).flatMap((message) => message.parts));
    return parts.length === 0 ? [] : [{ role: 'assistant', parts }];
  }

  #chunk(event: unknown): void {
    const delta = property(firstItem(event, 'choices'), 'delta');
    this.#addText(property(delta, 'content'));
    this.#addReasoning(property(delta, 'reasoning_content') ?? property(delta, 'reasoning'));
    const calls = property(delta, 'tool_calls');
    for (const call of Array.isArray(calls) ? calls : []) {
      const given = property(call, 'function');
      const index = property(call, 'index');
      if (property(given, 'name') !== undefined)
        this.#call(index, { id: property(call, 'id'), name: property(given, 'name') });
      this.#addArguments(index, property(given, 'arguments'));
    }
  }

  #call(index: unknown, call: unknown): void {
    if (this.#calls.size < 1000)
      this.#calls.set(index, { id: property(call, 'id'), name: property(call, 'name'), arguments: '' });
  }

  #addText(more: unknown): void {
    this.#text = added(this.#text, more);
  }

  #addReasoning(more: unknown): void {
    this.#reasoning = added(this.#reasoning, more);
  }

  #addArguments(index: unknown, more: unknown): void {
    const call = this.#calls.get(index);
    if (call !== undefined) call.arguments = added(call.arguments, more);
  }
}

function added(text: string, more: unknown): string {
  return typeof more === 'string' && text.length < MAX_LENGTH ? text + more : text;
}
