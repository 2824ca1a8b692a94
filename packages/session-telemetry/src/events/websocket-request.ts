import { codexMetricNames } from '@codex-otel/metrics';
import { describeError } from '../error-description.ts';
import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  /** Milliseconds that sending took. */
  durationMillis: { name: 'duration_ms', type: 'string(n)', about: 'whole ms' },
  success: { name: 'success', type: 'string(b)', source: 'computed', about: 'no error' },
  error: { group: 'error' },
  authEnv: { group: 'authEnv' },
  /** Whether an already open socket was used. */
  authConnectionReused: { name: 'auth.connection_reused', type: 'bool' },
  authAgent: { group: 'authAgent' },
} as const;

/** Options of {@link SessionTelemetry.recordWebsocketRequest}: one request over an open socket. */
export interface WebsocketRequestOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.websocket_request', {
  on: 'both',
  about: 'A request was sent over a socket or could not be.',
  attributes,
});

export const recordWebsocketRequest: SessionEvent<WebsocketRequestOptions> = {
  definitions: [event],
  record: (recorder, options, context) => {
    const success = describeError(options) === undefined;
    const tags = recorder.tags.with({ success: String(success) });
    recorder.count(codexMetricNames.websocketRequestCount, 1, tags);
    recorder.duration(codexMetricNames.websocketRequestDuration, property(options, 'durationMillis'), tags);
    recorder.emit(event, options, { success }, context);
  },
};
