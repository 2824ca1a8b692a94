import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { SessionEvent } from '../session-event.ts';
import { eventAlone } from '../session-event.ts';

const attributes = {
  /** How many attempts have failed so far. */
  attempt: { name: 'retry.attempt', type: 'string(n)', about: 'failed attempts so far' },
  /** Milliseconds before the next attempt. */
  delayMillis: { name: 'retry.delay_ms', type: 'string(n)', about: 'whole ms before the next attempt' },
  /** What is repeated: one request, or a whole stream that broke off. @defaultValue `http` */
  layer: { name: 'retry.layer', otherwise: 'http', values: ['http', 'stream'] },
  /** What the request is for. @defaultValue `request` */
  operation: { name: 'retry.operation', otherwise: 'request', values: ['request', 'sampling'], open: true },
} as const;

/** Options of {@link SessionTelemetry.recordRetry}. */
export interface RetryOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.retry', {
  on: 'trace',
  about: 'An attempt failed, and the next one follows after a pause.',
  common: 'none',
  level: 'TRACE',
  attributes,
});

export const recordRetry: SessionEvent<RetryOptions> = eventAlone(event);
