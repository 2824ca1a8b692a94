import { jsonText } from '../../json-text.ts';
import { property } from '../../property.ts';

/** A part of a message, in the form of the GenAI conventions. Content. */
export type GenAiPart =
  | {
      /** Text, or the model's reasoning. */
      readonly type: 'text' | 'reasoning';
      /** The text. */
      readonly content: string;
    }
  | {
      /** The model calls a tool. */
      readonly type: 'tool_call';
      /** The id of the call. Absent if it has none. */
      readonly id?: string;
      /** The name of the tool. */
      readonly name: string;
      /** The arguments as text. Absent if there are none. */
      readonly arguments?: string;
    }
  | {
      /** The result of a tool call. */
      readonly type: 'tool_call_response';
      /** The id of the call. Absent if it has none. */
      readonly id?: string;
      /** The result as text. */
      readonly response: string;
    }
  | {
      /** Anything else, such as an image or a file, of which only the kind is recorded. */
      readonly type: 'other';
      /** What it is, as the API calls it. */
      readonly kind: string;
    };

/** A message to or from a model, in the form of the GenAI conventions. Content. */
export interface GenAiMessage {
  /** Who wrote it. */
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  /** What it consists of. */
  readonly parts: readonly GenAiPart[];
}

/** The messages in the body of a request of the Responses API, Chat Completions or Anthropic's messages. */
export function requestMessages(body: unknown): readonly GenAiMessage[] | undefined {
  const input = property(body, 'input') ?? property(body, 'messages');
  if (typeof input === 'string') return [{ role: 'user', parts: [{ type: 'text', content: input }] }];
  return Array.isArray(input) ? messagesOf(input) : undefined;
}

/** The system instructions in the body of a request, apart from its messages. */
export function requestInstructions(body: unknown): string | undefined {
  const told = property(body, 'instructions') ?? property(body, 'system');
  if (typeof told === 'string') return told;
  return Array.isArray(told) ? told.map(textOf).join('') : undefined;
}

/** The items or messages of a list as messages. Empty ones are left out. */
export function messagesOf(items: readonly unknown[]): readonly GenAiMessage[] {
  return items.flatMap((item) => {
    const message = messageOf(item);
    return message === undefined || message.parts.length === 0 ? [] : [message];
  });
}

function messageOf(item: unknown): GenAiMessage | undefined {
  const type = property(item, 'type');
  switch (type) {
    case 'function_call':
    case 'custom_tool_call':
      return {
        role: 'assistant',
        parts: [toolCall(item, 'call_id', property(item, 'arguments') ?? property(item, 'input'))],
      };
    case 'function_call_output':
    case 'custom_tool_call_output':
      return { role: 'tool', parts: [toolResponse(item, 'call_id', property(item, 'output'))] };
    case 'reasoning':
      return { role: 'assistant', parts: reasoningParts(item) };
    case undefined:
    case 'message':
      return chatMessage(item);
    default:
      return typeof type === 'string' ? { role: 'assistant', parts: [{ type: 'other', kind: type }] } : undefined;
  }
}

function chatMessage(item: unknown): GenAiMessage | undefined {
  const role = roleOf(property(item, 'role'));
  const content = property(item, 'content');
  if (role === undefined) return undefined;
  if (role === 'tool') return { role, parts: [toolResponse(item, 'tool_call_id', content)] };
  const calls = property(item, 'tool_calls');
  return {
    role,
    parts: [
      ...(typeof content === 'string' ? [textPart(content)] : []),
      ...(Array.isArray(content) ? content.map(contentPart) : []),
      ...(Array.isArray(calls) ? calls : []).map((call: unknown) =>
        toolCall(property(call, 'function'), 'id', property(property(call, 'function'), 'arguments'), call),
      ),
    ],
  };
}

function roleOf(role: unknown): GenAiMessage['role'] | undefined {
  if (role === 'developer') return 'system';
  if (role === 'function') return 'tool';
  return role === 'system' || role === 'user' || role === 'assistant' || role === 'tool' ? role : undefined;
}

function contentPart(part: unknown): GenAiPart {
  const type = property(part, 'type');
  switch (type) {
    case 'text':
    case 'input_text':
    case 'output_text':
      return textPart(textOf(part));
    case 'thinking':
      return { type: 'reasoning', content: String(property(part, 'thinking') ?? '') };
    case 'tool_use':
      return toolCall(part, 'id', property(part, 'input'));
    case 'tool_result':
      return toolResponse(part, 'tool_use_id', property(part, 'content'));
    default:
      return { type: 'other', kind: typeof type === 'string' ? type : 'unknown' };
  }
}

function reasoningParts(item: unknown): readonly GenAiPart[] {
  const parts = [property(item, 'summary'), property(item, 'content')].filter((each) => Array.isArray(each)).flat();
  return parts.map((part) => ({ type: 'reasoning', content: textOf(part) }));
}

function toolCall(named: unknown, idKey: string, given: unknown, owner: unknown = named): GenAiPart {
  const id = property(owner, idKey);
  const name = property(named, 'name');
  return {
    type: 'tool_call',
    ...(typeof id === 'string' && { id }),
    name: typeof name === 'string' ? name : 'unknown',
    ...(given !== undefined && { arguments: asText(given) }),
  };
}

function toolResponse(item: unknown, idKey: string, given: unknown): GenAiPart {
  const id = property(item, idKey);
  return { type: 'tool_call_response', ...(typeof id === 'string' && { id }), response: asText(given) };
}

function textPart(content: string): GenAiPart {
  return { type: 'text', content };
}

function textOf(part: unknown): string {
  const text = typeof part === 'string' ? part : property(part, 'text');
  return typeof text === 'string' ? text : '';
}

/** Content as text: the texts of a list of parts, the JSON of anything else. */
function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((part) => typeof property(part, 'text') === 'string'))
    return value.map(textOf).join('');
  return jsonText(value) ?? '';
}
