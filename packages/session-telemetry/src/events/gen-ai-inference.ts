import type { SpanAttributeTable } from '@codex-otel/token-usage';
import { failureAttributes, responseUsageAttributes, spanAttributes } from '@codex-otel/token-usage';
import type { Attributes } from '@opentelemetry/api';
import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { SessionEvent } from '../session-event.ts';
import { inferenceAttributes } from '../turn/gen-ai/gen-ai-attributes.ts';
import { readable } from '../turn/readable-options.ts';

const attributes = {
  /** The system instructions of the request. Content: log records only, with `logUserPrompts`. */
  systemInstructions: {
    name: 'gen_ai.system_instructions',
    type: 'instructions',
    on: 'log',
    content: 'prompt',
    shownWith: 'logUserPrompts',
    maxBytes: 1_048_576,
    absent: 'no `logUserPrompts`, or no `request`',
    about: 'in the form of the GenAI conventions',
  },
  /**
   * The messages of the request; a string stands for one user message. Content: log records only, with
   * `logUserPrompts`.
   */
  inputMessages: {
    name: 'gen_ai.input.messages',
    type: 'messages',
    on: 'log',
    content: 'prompt',
    shownWith: 'logUserPrompts',
    maxBytes: 1_048_576,
    absent: 'no `logUserPrompts`, or no `request`',
    about: "the last messages that fit into 1 MiB; each text is redacted and truncated as in Codex's events",
  },
  /** The answer; a string stands for one assistant message. Content: log records only, with `logAgentResponses`. */
  outputMessages: {
    name: 'gen_ai.output.messages',
    type: 'messages',
    on: 'log',
    content: 'response',
    shownWith: 'logAgentResponses',
    maxBytes: 65_536,
    absent: 'no `logAgentResponses`, or no answer',
    about: 'as far as it came; each text at most 65,536 UTF-8 bytes',
  },
} as const;

/** Options of {@link SessionTelemetry.genAiInferenceDetails}: a finished model call. */
export interface GenAiInferenceDetails extends EventOptions<typeof attributes> {
  /** The attributes of the call's span by the conventions, which the record repeats. @defaultValue none */
  readonly attributes?: Attributes | undefined;
}

/** The attributes of the call's span that the record repeats. */
const onRecord: SpanAttributeTable = { ...inferenceAttributes, ...responseUsageAttributes, ...failureAttributes };

const event = defineEvent('gen_ai.client.inference.operation.details', {
  on: 'log',
  about:
    'A model call ended: its attributes by the GenAI conventions, with its content. Only with a mode of `genAi`, and with `logUserPrompts` or `logAgentResponses`.',
  attributes,
  common: 'none',
});

export const genAiInferenceDetails: SessionEvent<GenAiInferenceDetails> = {
  definitions: [event],
  record: (recorder, options, context) => {
    const { logUserPrompts, logAgentResponses } = recorder.identity.settings;
    if (recorder.identity.metadata.genAi === undefined || !(logUserPrompts || logAgentResponses)) return;
    // The table decides which of them are sent, and as which type.
    const repeated = spanAttributes(onRecord, (readable(options).attributes ?? {}) as Readonly<Record<string, never>>);
    recorder.emit(event, options, {}, context, repeated);
  },
};
