import { tokenUsageFromChatCompletion, tokenUsageFromResponse } from '@codex-otel/token-usage';
import { property } from '../../property.ts';
import type { ResponseEnd, ResponseEvent } from '../response-event.ts';
import {
  OTHER_DELTA,
  REASONING_DELTA,
  TOOL_INPUT_DELTA,
  text,
  UNNAMED,
  usageProblem,
  word,
} from '../response-event.ts';
import type { StreamFormat } from '../stream-reader.ts';

/** OpenAI's Responses API. */
export const responses: StreamFormat = {
  accepts: (event, type) =>
    type === undefined ? isAnswer(event) : type.startsWith('response.') || type.startsWith('codex.'),
  open: () => ({ read: readResponseEvent }),
  whole(answer) {
    // A run of `@openai/agents` also has an output, but no id.
    const hasOutput = typeof property(answer, 'id') === 'string' && Array.isArray(property(answer, 'output'));
    return isAnswer(answer) || hasOutput ? [readAnswer(answer)] : undefined;
  },
};

function isAnswer(value: unknown): boolean {
  return property(value, 'object') === 'response';
}

function readAnswer(answer: unknown): ResponseEvent {
  const status = statusOf(answer);
  if (status !== undefined) return endEvent(answer, status);
  // It is still being made in the background, and may be fetched again.
  const identity = text(property(answer, 'id'));
  return { name: word(property(answer, 'status')) ?? 'in_progress', starts: true, identity };
}

/** Events that need no look at their fields. */
const EVENTS: ReadonlyMap<string, ResponseEvent> = new Map<string, ResponseEvent>([
  ['response.output_text.delta', { name: 'text_delta', delta: true, token: true }],
  ['response.reasoning_summary_text.delta', { name: 'reasoning_summary_delta', delta: true, token: true }],
  ['response.reasoning_text.delta', REASONING_DELTA],
  ['response.function_call_arguments.delta', TOOL_INPUT_DELTA],
  ['response.custom_tool_call_input.delta', TOOL_INPUT_DELTA],
  ['response.reasoning_summary_text.done', { name: 'reasoning_summary_done' }],
  ['response.reasoning_summary_part.added', { name: 'reasoning_summary_part_added' }],
  ...[
    'server_model',
    'model_verifications',
    'turn_moderation_metadata',
    'safety_buffering',
    'server_reasoning_included',
    'rate_limits',
    'models_etag',
  ].flatMap((name): [string, ResponseEvent][] => [
    [`codex.${name}`, { name, aside: true }],
    [`response.${name}`, { name, aside: true }],
  ]),
]);

/** Items with a name of their own. Others are called `other`. */
const ITEMS: ReadonlySet<string> = new Set([
  'agent_message',
  'additional_tools',
  'reasoning',
  'local_shell_call',
  'function_call',
  'function_call_output',
  'tool_search_call',
  'tool_search_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'web_search_call',
  'image_generation_call',
  'compaction',
  'compaction_trigger',
  'context_compaction',
]);

/** Items that always count as the first token. */
const TOKEN_ITEMS: ReadonlySet<string> = new Set([
  'local_shell_call',
  'function_call',
  'custom_tool_call',
  'tool_search_call',
  'web_search_call',
  'image_generation_call',
  'compaction',
  'context_compaction',
]);

/** Reads an event of the Responses API. Never throws; unreadable events have no name. */
export function readResponseEvent(event: unknown, type: unknown = property(event, 'type')): ResponseEvent {
  // Some proxies send the whole answer as the only event.
  if (typeof type !== 'string') return isAnswer(event) ? readAnswer(event) : UNNAMED;
  const known = EVENTS.get(type);
  if (known !== undefined) return known;
  switch (type) {
    case 'error':
      return { name: 'error', failure: { error: property(event, 'error') ?? event } };
    case 'response.created':
      return { name: 'created', starts: true, identity: idOf(event) };
    case 'response.queued':
    case 'response.in_progress':
      return { identity: idOf(event) };
    case 'response.output_item.added':
      return readItem(property(event, 'item'), 'output_item_added');
    case 'response.output_item.done':
      return readItem(property(event, 'item'), 'output_item_done');
    case 'response.completed':
    case 'response.done': {
      const response = property(event, 'response');
      // Some servers send this event for every response, and its status says how it ended.
      return endEvent(response, statusOf(response) ?? 'completed', event);
    }
    case 'response.incomplete':
      return endEvent(property(event, 'response'), 'incomplete', event);
    case 'response.failed':
      return endEvent(property(event, 'response'), 'failed', event);
    case 'response.cancelled':
      return endEvent(property(event, 'response'), 'cancelled', event);
    default:
      return type.endsWith('.delta') ? OTHER_DELTA : UNNAMED;
  }
}

function idOf(event: unknown): string | undefined {
  return text(property(property(event, 'response'), 'id'));
}

function readItem(item: unknown, from: 'output_item_added' | 'output_item_done'): ResponseEvent {
  const type = property(item, 'type');
  if (type === 'message') {
    const role = property(item, 'role');
    const assistant = role === 'assistant';
    return {
      name: `message_from_${word(role) ?? 'unknown'}`,
      from,
      message: assistant,
      token: assistant && hasText(property(item, 'content')),
      item: assistant && from === 'output_item_done' ? item : undefined,
    };
  }
  if (typeof type !== 'string' || !ITEMS.has(type)) return { name: 'other', from };
  const token =
    TOKEN_ITEMS.has(type) ||
    (type === 'reasoning' && (hasText(property(item, 'summary')) || hasText(property(item, 'content'))));
  const toolName = type === 'function_call' ? word(property(item, 'name')) : undefined;
  return { name: type, from, token, toolName };
}

/** How a response ended; `undefined` if it has not. Without a status, the event alone says so. */
function statusOf(response: unknown): ResponseEnd['status'] | undefined {
  const status = property(response, 'status');
  switch (status) {
    case undefined:
    case null:
      return 'completed';
    case 'completed':
    case 'incomplete':
    case 'failed':
    case 'cancelled':
      return status;
    default:
      return undefined;
  }
}

/** @param event - The event of the end. Some proxies put the usage and the error into it, beside the response. */
function endEvent(response: unknown, status: ResponseEnd['status'], event?: unknown): ResponseEvent {
  const reported = property(response, 'usage') ?? property(event, 'usage');
  // Some proxies pass the usage of Chat Completions on unchanged.
  const usage = tokenUsageFromResponse(reported) ?? tokenUsageFromChatCompletion(reported);
  const responseId = text(property(response, 'id'));
  const end: ResponseEnd = {
    status,
    identity: responseId,
    responseId,
    model: text(property(response, 'model')),
    serviceTier: text(property(response, 'service_tier')),
    reasoningEffort: text(property(property(response, 'reasoning'), 'effort')),
    usage,
    finishReason: finishReason(response, status),
    problem: responseId === undefined ? 'the response has no id' : usageProblem(reported, usage),
    error: status === 'incomplete' ? incompletion(response) : errorOf(response, event),
  };
  return { name: status, end };
}

function errorOf(response: unknown, event: unknown): unknown {
  return (
    property(response, 'error') ?? property(property(response, 'status_details'), 'error') ?? property(event, 'error')
  );
}

/** Why a response is incomplete, in Codex's words. */
function incompletion(response: unknown): { readonly code: string; readonly message: string } {
  const reason = word(property(property(response, 'incomplete_details'), 'reason')) ?? 'unknown';
  return { code: 'response_incomplete', message: `Incomplete response returned, reason: ${reason}` };
}

/** The finish reason by the GenAI conventions, whose names are those of Chat Completions. */
function finishReason(response: unknown, status: ResponseEnd['status']): string {
  if (status === 'failed') return 'error';
  if (status === 'cancelled') return 'cancelled';
  if (status === 'incomplete') {
    const reason = word(property(property(response, 'incomplete_details'), 'reason'));
    return reason === 'max_output_tokens' ? 'length' : (reason ?? 'length');
  }
  const output = property(response, 'output');
  const calls = Array.isArray(output) && output.some((item) => isClientCall(property(item, 'type')));
  return calls ? 'tool_calls' : 'stop';
}

function isClientCall(type: unknown): boolean {
  return type === 'function_call' || type === 'custom_tool_call' || type === 'local_shell_call';
}

/** Whether any part of a message or of a reasoning item has text. */
function hasText(parts: unknown): boolean {
  return Array.isArray(parts) && parts.some((part) => text(property(part, 'text')) !== undefined);
}
