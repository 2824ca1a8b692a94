import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { SessionEvent } from '../session-event.ts';
import { eventAlone } from '../session-event.ts';

const call = { call: { group: 'tracedCall' } } as const;

const result = {
  /** Milliseconds from handing the call to its tool until the result was there, with fractions. */
  dispatchToResultReadyMillis: { name: 'dispatch_to_result_ready_ms', type: 'double', about: 'ms with fractions' },
  call: { group: 'tracedCall' },
} as const;

/** Options of {@link SessionTelemetry.recordToolCallReceived}. */
export interface ToolCallReceivedOptions extends EventOptions<typeof call> {}

/** Options of {@link SessionTelemetry.recordToolResultReady}. */
export interface ToolResultReadyOptions extends EventOptions<typeof result> {}

const receivedEvent = defineEvent('codex.tool_call_received', {
  on: 'trace',
  about: 'A tool call was handed to its tool; on the span of the call.',
  common: 'none',
  attributes: call,
});

const readyEvent = defineEvent('codex.tool_result_ready', {
  on: 'trace',
  about: 'A tool call returned or failed; on the span of the call.',
  common: 'none',
  attributes: result,
});

export const recordToolCallReceived: SessionEvent<ToolCallReceivedOptions> = eventAlone(receivedEvent);

export const recordToolResultReady: SessionEvent<ToolResultReadyOptions> = eventAlone(readyEvent);
