import { type TokenUsage, tokenUsageFromResponse } from '@codex-otel/token-usage';
import { property } from '../property.ts';

/** How a response ended, as its last event says. */
export interface ResponseEnd {
  readonly status: 'completed' | 'incomplete' | 'failed';
  readonly responseId: string | undefined;
  readonly model: string | undefined;
  readonly serviceTier: string | undefined;
  readonly reasoningEffort: string | undefined;
  /** Absent where none was sent, and where it was malformed. */
  readonly usage: TokenUsage | undefined;
  readonly finishReason: string | undefined;
  /** What is wrong with the event, in words that hold nothing of its content. */
  readonly problem: string | undefined;
  /** What a failed response says about itself. */
  readonly error: unknown;
}

/** What the telemetry of a turn needs to know of one event of a model's stream. */
export interface ResponseEvent {
  /** The value of `codex.response.event`; an event without one has no span of its own. */
  readonly name?: string | undefined;
  /** A piece of a text or of an argument: of these there are hundreds. */
  readonly delta?: boolean | undefined;
  /** Whether it counts as the first token of its turn. */
  readonly token?: boolean | undefined;
  /** Whether it starts an assistant's message. */
  readonly message?: boolean | undefined;
  readonly toolName?: string | undefined;
  readonly from?: 'output_item_added' | 'output_item_done' | undefined;
  /** It is no end, but tells that the response will not be completed. */
  readonly error?: boolean | undefined;
  readonly end?: ResponseEnd | undefined;
}

/** Events whose kind says it all. */
const EVENTS: ReadonlyMap<string, ResponseEvent> = new Map<string, ResponseEvent>([
  ['response.created', { name: 'created' }],
  ['response.output_text.delta', { name: 'text_delta', delta: true, token: true }],
  ['response.reasoning_summary_text.delta', { name: 'reasoning_summary_delta', delta: true, token: true }],
  ['response.reasoning_text.delta', { name: 'reasoning_content_delta', delta: true, token: true }],
  ['response.function_call_arguments.delta', { name: 'tool_input_delta', delta: true }],
  ['response.custom_tool_call_input.delta', { name: 'tool_input_delta', delta: true }],
  ['response.reasoning_summary_text.done', { name: 'reasoning_summary_done' }],
  ['response.reasoning_summary_part.added', { name: 'reasoning_summary_part_added' }],
  ['error', { name: 'error', error: true }],
  ...[
    'server_model',
    'model_verifications',
    'turn_moderation_metadata',
    'safety_buffering',
    'server_reasoning_included',
    'rate_limits',
    'models_etag',
  ].flatMap((name): [string, ResponseEvent][] => [
    [`codex.${name}`, { name }],
    [`response.${name}`, { name }],
  ]),
]);

const OTHER_DELTA: ResponseEvent = { delta: true };
const UNNAMED: ResponseEvent = {};

/** Items that have a name of their own; what is none of them is `other`. */
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

/** Items that count as the first token without a look into them. */
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

/** A role, a tool's name: words, not sentences. */
const WORD = /^[\w.:/-]{1,128}$/;

/** Reads an event of the Responses API. Never throws: what cannot be read has no name. */
export function readResponseEvent(event: unknown): ResponseEvent {
  const type = property(event, 'type');
  if (typeof type !== 'string') return UNNAMED;
  const known = EVENTS.get(type);
  if (known !== undefined) return known;
  switch (type) {
    case 'response.output_item.added':
      return readItem(property(event, 'item'), 'output_item_added');
    case 'response.output_item.done':
      return readItem(property(event, 'item'), 'output_item_done');
    case 'response.completed':
    case 'response.done':
      return { name: 'completed', end: readEnd(property(event, 'response'), 'completed') };
    case 'response.incomplete':
      return { name: 'incomplete', end: readEnd(property(event, 'response'), 'incomplete') };
    case 'response.failed':
      return { name: 'failed', end: readEnd(property(event, 'response'), 'failed') };
    default:
      return type.endsWith('.delta') ? OTHER_DELTA : UNNAMED;
  }
}

function readItem(item: unknown, from: 'output_item_added' | 'output_item_done'): ResponseEvent {
  const type = property(item, 'type');
  if (type === 'message') {
    const role = property(item, 'role');
    const assistant = role === 'assistant';
    return {
      name: `message_from_${typeof role === 'string' && WORD.test(role) ? role : 'unknown'}`,
      from,
      message: assistant,
      token: assistant && hasText(property(item, 'content')),
    };
  }
  if (typeof type !== 'string' || !ITEMS.has(type)) return { name: 'other', from };
  const token =
    TOKEN_ITEMS.has(type) ||
    (type === 'reasoning' && (hasText(property(item, 'summary')) || hasText(property(item, 'content'))));
  const toolName = type === 'function_call' ? word(property(item, 'name')) : undefined;
  return { name: type, from, token, toolName };
}

function readEnd(response: unknown, status: ResponseEnd['status']): ResponseEnd {
  const reported = property(response, 'usage');
  const usage = tokenUsageFromResponse(reported);
  const responseId = text(property(response, 'id'));
  let problem: string | undefined;
  if (responseId === undefined) problem = 'the response has no id';
  else if (usage === undefined && reported !== undefined && reported !== null) problem = 'its usage is malformed';
  return {
    status,
    responseId,
    model: text(property(response, 'model')),
    serviceTier: text(property(response, 'service_tier')),
    reasoningEffort: text(property(property(response, 'reasoning'), 'effort')),
    usage,
    finishReason: finishReason(response, status),
    problem,
    error: property(response, 'error'),
  };
}

/** In the words of the GenAI conventions, which are those of Chat Completions. */
function finishReason(response: unknown, status: ResponseEnd['status']): string {
  if (status === 'failed') return 'error';
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

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && WORD.test(value) ? value : undefined;
}
