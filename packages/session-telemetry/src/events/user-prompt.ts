import { defineEvent } from '../event-definition.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

/** One part of what the user sent: text, a remote image or an image file. */
export type UserInput =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image' }
  | { readonly type: 'local_image' };

const attributes = {
  promptLength: {
    name: 'prompt_length',
    type: 'string(n)',
    on: 'both',
    measure: 'characters',
    of: 'prompt',
    about: 'Unicode characters of all texts, redacted or not',
  },
  prompt: {
    name: 'prompt',
    type: 'string',
    on: 'log',
    source: 'computed',
    content: 'prompt',
    shownWith: 'logUserPrompts',
    // Beyond any that was typed, below what a collector refuses.
    maxBytes: 1_048_576,
    about: '`[REDACTED]` unless `logUserPrompts`; all texts joined',
  },
  textInputCount: { name: 'text_input_count', type: 'int', on: 'trace', source: 'computed' },
  imageInputCount: { name: 'image_input_count', type: 'int', on: 'trace', source: 'computed' },
  localImageInputCount: { name: 'local_image_input_count', type: 'int', on: 'trace', source: 'computed' },
} as const;

const event = defineEvent('codex.user_prompt', { about: 'The user sent a prompt.', attributes });

/** `codex.user_prompt`: the user sent a prompt. */
export const userPrompt: SessionEvent<readonly UserInput[]> = {
  definitions: [event],
  record: (recorder, items, context) => {
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
    recorder.emit(
      event,
      {},
      {
        prompt: texts.join(''),
        textInputCount: counts.text,
        imageInputCount: counts.image,
        localImageInputCount: counts.local_image,
      },
      context,
    );
  },
};
