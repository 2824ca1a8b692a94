import { codexMetricNames } from '@codex-otel/metrics';
import { describeError } from '../error-description.ts';
import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  /** Milliseconds that the attempt took. */
  durationMillis: { name: 'duration_ms', type: 'string(n)', about: 'whole ms' },
  /** The HTTP status. Absent if no answer came, or if the client does not show it. */
  httpResponseStatusCode: { name: 'http.response.status_code', type: 'uint', absent: 'no answer' },
  success: {
    name: 'success',
    type: 'string(b)',
    source: 'computed',
    about: 'no error, and either no status or one from 200 to 299',
  },
  error: { group: 'error' },
  authHeader: { group: 'authHeader' },
  authEnv: { group: 'authEnv' },
  /** Whether an already open socket was used. */
  authConnectionReused: { name: 'auth.connection_reused', type: 'bool' },
  /** Whether the socket replaces one whose credentials were refused. @defaultValue `false` */
  authReauth: {
    name: 'auth.reauth',
    type: 'bool',
    otherwise: false,
    about: 'the socket replaces one whose credentials were refused',
  },
  authAnswer: { group: 'authAnswer' },
  authAgent: { group: 'authAgent' },
} as const;

/** Options of {@link SessionTelemetry.recordWebsocketConnect}: one attempt to open a socket. */
export interface WebsocketConnectOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.websocket_connect', {
  on: 'both',
  about: 'A socket to the model provider was opened or could not be.',
  attributes,
});

export const recordWebsocketConnect: SessionEvent<WebsocketConnectOptions> = {
  definitions: [event],
  record: (recorder, options, context) => {
    const status = property(options, 'httpResponseStatusCode');
    const accepted = typeof status !== 'number' || (status >= 200 && status <= 299);
    const success = accepted && describeError(options) === undefined;
    const sku = recorder.identity.values.productSku;
    const tags = recorder.tags.with({
      success: String(success),
      reauth: String(property(options, 'authReauth') === true),
      ...(sku === undefined ? {} : { product_sku: sku }),
    });
    recorder.count(codexMetricNames.websocketConnectCount, 1, tags);
    recorder.duration(codexMetricNames.websocketConnectDuration, property(options, 'durationMillis'), tags);
    recorder.emit(event, options, { success }, context);
  },
};
