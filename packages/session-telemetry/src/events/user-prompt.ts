import { defineEvent } from '../event-definition.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

/** One part of a prompt: text, a remote image or an image file. */
export type UserInput =
  | {
      /** Text that the user wrote. */
      readonly type: 'text';
      /** The text. Content: log records only. */
      readonly text: string;
    }
  | {
      /** A remote image; only counted. */
      readonly type: 'image';
    }
  | {
      /** An image file; only counted. */
      readonly type: 'local_image';
    };

const attributes = {
  promptLength: {
    name: 'prompt_length',
    type: 'string(n)',
    measure: 'characters',
    of: 'prompt',
    about: 'Unicode characters of all texts before redaction',
  },
  prompt: {
    name: 'prompt',
    on: 'log',
    source: 'computed',
    content: 'prompt',
    shownWith: 'logUserPrompts',
    // More than anyone types, less than a collector refuses.
    maxBytes: 1_048_576,
    about: 'all texts joined; `[REDACTED]` without `logUserPrompts`',
  },
  textInputCount: { name: 'text_input_count', type: 'int', on: 'trace', source: 'computed' },
  imageInputCount: { name: 'image_input_count', type: 'int', on: 'trace', source: 'computed' },
  localImageInputCount: { name: 'local_image_input_count', type: 'int', on: 'trace', source: 'computed' },
} as const;

const event = defineEvent('codex.user_prompt', { on: 'both', about: 'The user sent a prompt.', attributes });

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
