import type { AttributePlan } from './attribute-definition.ts';
import type { ContentRules } from './content.ts';
import { shownContent } from './content.ts';
import { property } from './property.ts';
import type { GenAiMessage } from './turn/gen-ai/messages.ts';
import { word } from './turn/response-event.ts';

/** UTF-16 units of one attribute as JSON. Of a longer history, the last messages are kept. */
const MAX_LENGTH = 1_048_576;

type Shape = Pick<AttributePlan, 'content' | 'shownWith' | 'maxBytes'>;

/** The rules for each kind of text in a message: those of the same text in Codex's events. */
const TOOL_ARGUMENTS: Shape = { content: 'arguments', shownWith: 'logToolArguments', maxBytes: MAX_LENGTH };
const TOOL_OUTPUT: Shape = { content: 'output', shownWith: 'logToolOutput', maxBytes: 'toolResultMaxBytes' };

/** Messages as they may leave the process: each text redacted and truncated by its own rules. */
export function shownMessages(rules: ContentRules, attribute: AttributePlan, given: unknown): readonly object[] {
  const messages = typeof given === 'string' ? [ownMessage(attribute, given)] : given;
  if (!Array.isArray(messages)) return [];
  const shown: object[] = [];
  let length = 0;
  for (const message of messages.toReversed()) {
    const kept = shownMessage(rules, attribute, message);
    length += JSON.stringify(kept).length;
    if (length > MAX_LENGTH && shown.length > 0) {
      rules.memory.unusable.report(attribute.name, 'is too long, its first messages are left out');
      break;
    }
    shown.push(kept);
  }
  return shown.toReversed();
}

/** Instructions as they may leave the process. */
export function shownInstructions(rules: ContentRules, attribute: AttributePlan, given: unknown): readonly object[] {
  if (typeof given !== 'string') return [];
  return [{ type: 'text', content: shownText(rules, attribute, given) }];
}

function ownMessage({ content }: AttributePlan, text: string): GenAiMessage {
  return { role: content === 'response' ? 'assistant' : 'user', parts: [{ type: 'text', content: text }] };
}

/** Copies only the named fields, since JavaScript callers can pass anything. */
function shownMessage(rules: ContentRules, attribute: AttributePlan, message: unknown): object {
  const parts = property(message, 'parts');
  const role = word(property(message, 'role')) ?? 'user';
  return { role, parts: Array.isArray(parts) ? parts.map((part) => shownPart(rules, attribute, part)) : [] };
}

function shownPart(rules: ContentRules, attribute: AttributePlan, part: unknown): object {
  const type = property(part, 'type');
  const id = word(property(part, 'id'));
  switch (type) {
    case 'text':
    case 'reasoning':
      return { type, content: shownText(rules, attribute, property(part, 'content')) };
    case 'tool_call': {
      const given = shownText(rules, { ...attribute, ...TOOL_ARGUMENTS }, property(part, 'arguments'));
      return {
        type,
        ...(id !== undefined && { id }),
        name: word(property(part, 'name')) ?? 'unknown',
        arguments: given,
      };
    }
    case 'tool_call_response': {
      const response = shownText(rules, { ...attribute, ...TOOL_OUTPUT }, property(part, 'response'));
      return { type, ...(id !== undefined && { id }), response };
    }
    default:
      return { type: word(property(part, 'kind')) ?? 'unknown' };
  }
}

function shownText(rules: ContentRules, attribute: AttributePlan, text: unknown): string {
  return typeof text === 'string' ? shownContent(rules, attribute, text, true).text : '';
}
