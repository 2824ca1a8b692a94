import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { SessionEvent } from '../session-event.ts';

const call = { call: { group: 'tracedCall' } } as const;

const result = {
  /** From the moment that the call was given to its tool. */
  dispatchToResultReadyMillis: {
    name: 'dispatch_to_result_ready_ms',
    type: 'double',
    on: 'trace',
    about: 'ms with fractions',
  },
  call: { group: 'tracedCall' },
} as const;

/** Options of `recordToolCallReceived`. */
export interface ToolCallReceivedOptions extends EventOptions<typeof call> {}

/** Options of `recordToolResultReady`. */
export interface ToolResultReadyOptions extends EventOptions<typeof result> {}

const receivedEvent = defineEvent('codex.tool_call_received', {
  about: 'A tool call is given to its tool; on the span of the call.',
  common: 'none',
  attributes: call,
});

const readyEvent = defineEvent('codex.tool_result_ready', {
  about: 'A tool call has its result, or has failed; on the span of the call.',
  common: 'none',
  attributes: result,
});

/** `codex.tool_call_received`: a tool call is given to its tool. */
export const recordToolCallReceived: SessionEvent<ToolCallReceivedOptions> = {
  definitions: [receivedEvent],
  record: (recorder, options, context) => recorder.emit(receivedEvent, options, {}, context),
};

/** `codex.tool_result_ready`: a tool call has its result, or has failed. */
export const recordToolResultReady: SessionEvent<ToolResultReadyOptions> = {
  definitions: [readyEvent],
  record: (recorder, options, context) => recorder.emit(readyEvent, options, {}, context),
};
