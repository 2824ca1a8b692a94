import type { Context } from '@opentelemetry/api';
import { property } from '../error-description.ts';
import type { EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';
import { characterCount, REDACTED } from '../text-limits.ts';

/** One part of what the user sent: text, a remote image or an image file. */
export type UserInput =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image' }
  | { readonly type: 'local_image' };

/** UTF-8 bytes of a recorded prompt: beyond any that was typed, below what a collector refuses. */
const promptMaxBytes = 1_048_576;

export const userPromptEvent: EventDefinition = {
  name: 'codex.user_prompt',
  method: 'userPrompt',
  about: 'The user sent a prompt.',
  signals: 'both',
  attributes: [
    { name: 'prompt_length', type: 'string(n)', on: 'both', about: 'Unicode characters of all texts, redacted or not' },
    {
      name: 'prompt',
      type: 'string',
      on: 'log',
      about: '`[REDACTED]` unless `logUserPrompts`; all texts joined',
      maxBytes: promptMaxBytes,
    },
    { name: 'text_input_count', type: 'int', on: 'trace' },
    { name: 'image_input_count', type: 'int', on: 'trace' },
    { name: 'local_image_input_count', type: 'int', on: 'trace' },
  ],
};

export function userPrompt(recorder: EventRecorder, items: readonly UserInput[], context: Context | undefined): void {
  if (!recorder.isRecording(context)) return;
  const counts = { text: 0, image: 0, local_image: 0 };
  const texts: string[] = [];
  for (const item of Array.isArray(items) ? items : []) {
    const type = property(item, 'type');
    if (type !== 'text' && type !== 'image' && type !== 'local_image') {
      recorder.memory.unusable.report('userPrompt', 'an item of no known type');
      continue;
    }
    counts[type] += 1;
    if (type !== 'text') continue;
    const text = property(item, 'text');
    if (typeof text === 'string') texts.push(text);
    else recorder.memory.unusable.report('userPrompt', 'a text item without text');
  }
  const prompt = texts.join('');
  const shown = recorder.identity.metadata.logUserPrompts === true && recorder.logs;
  recorder.emit(
    userPromptEvent,
    {},
    {
      prompt_length: characterCount(prompt),
      prompt: shown ? recorder.content('prompt', prompt, promptMaxBytes) : REDACTED,
      text_input_count: counts.text,
      image_input_count: counts.image,
      local_image_input_count: counts.local_image,
    },
    context,
  );
}
