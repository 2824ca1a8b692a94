import type { SpanAttributeTable } from '@codex-otel/token-usage';
import { failureAttributes, responseUsageAttributes, spanAttributes } from '@codex-otel/token-usage';
import type { Attributes } from '@opentelemetry/api';
import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { SessionEvent } from '../session-event.ts';
import { inferenceAttributes } from '../turn/gen-ai/gen-ai-attributes.ts';
import { readable } from '../turn/readable-options.ts';

const attributes = {
  /** What the model was told apart from the messages; content, log records only. */
  systemInstructions: {
    name: 'gen_ai.system_instructions',
    type: 'instructions',
    on: 'log',
    content: 'prompt',
    shownWith: 'logUserPrompts',
    maxBytes: 1_048_576,
    absent: 'no `logUserPrompts`, or no `request`',
    about: 'as the GenAI conventions have it',
  },
  /** The messages of the request; content, log records only. */
  inputMessages: {
    name: 'gen_ai.input.messages',
    type: 'messages',
    on: 'log',
    content: 'prompt',
    shownWith: 'logUserPrompts',
    maxBytes: 1_048_576,
    absent: 'no `logUserPrompts`, or no `request`',
    about: "the last that fit into 1 MiB, each text redacted and cut as that of Codex's events",
  },
  /** The answer; content, log records only. */
  outputMessages: {
    name: 'gen_ai.output.messages',
    type: 'messages',
    on: 'log',
    content: 'response',
    shownWith: 'logAgentResponses',
    maxBytes: 65_536,
    absent: 'no `logAgentResponses`, or no answer',
    about: 'what came of it, each text at most 65,536 UTF-8 bytes',
  },
} as const;

/** Options of `genAiInferenceDetails`: a call of a model that is over. */
export interface GenAiInferenceDetails extends EventOptions<typeof attributes> {
  /** What the conventions say of the call on its span, which the record repeats. */
  readonly attributes?: Attributes | undefined;
}

/** What the record repeats of the call's span. */
const onRecord: SpanAttributeTable = { ...inferenceAttributes, ...responseUsageAttributes, ...failureAttributes };

const event = defineEvent('gen_ai.client.inference.operation.details', {
  about:
    'A call of a model is over: all that the GenAI conventions say of it, with its content. Only with a mode of `genAi`, and with `logUserPrompts` or `logAgentResponses`.',
  attributes,
  common: 'none',
});

/** `gen_ai.client.inference.operation.details`: a call of a model, by the GenAI conventions, with its content. */
export const genAiInferenceDetails: SessionEvent<GenAiInferenceDetails> = {
  definitions: [event],
  record: (recorder, options, context) => {
    const { logUserPrompts, logAgentResponses } = recorder.identity.settings;
    if (recorder.identity.metadata.genAi === undefined || !(logUserPrompts || logAgentResponses)) return;
    // The table decides which of them are sent, and of which type.
    const repeated = spanAttributes(onRecord, (readable(options).attributes ?? {}) as Readonly<Record<string, never>>);
    recorder.emit(event, options, {}, context, repeated);
  },
};
