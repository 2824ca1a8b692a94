import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  /** How many attempts have failed. */
  attempt: { name: 'retry.attempt', type: 'string(n)', on: 'trace', about: 'attempts that have failed' },
  /** The pause before the next attempt. */
  delayMillis: { name: 'retry.delay_ms', type: 'string(n)', on: 'trace', about: 'whole ms before the next attempt' },
  /** What is tried again: the request itself, or all of a stream that broke off. @defaultValue `http` */
  layer: { name: 'retry.layer', type: 'string', on: 'trace', otherwise: 'http', values: ['http', 'stream'] },
  /** @defaultValue `request` */
  operation: {
    name: 'retry.operation',
    type: 'string',
    on: 'trace',
    otherwise: 'request',
    values: ['request', 'sampling'],
    open: true,
  },
} as const;

/** Options of `recordRetry`: something failed, and is tried again after a pause. */
export interface RetryOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.retry', {
  about: 'Something failed, and is tried again after a pause.',
  common: 'none',
  level: 'TRACE',
  attributes,
});

/** `codex.retry`: something failed, and is tried again after a pause. */
export const recordRetry: SessionEvent<RetryOptions> = {
  definitions: [event],
  record: (recorder, options, context) => recorder.emit(event, options, {}, context),
};
