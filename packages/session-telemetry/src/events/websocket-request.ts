import { WEBSOCKET_REQUEST_COUNT_METRIC, WEBSOCKET_REQUEST_DURATION_METRIC } from '@codex-otel/metrics';
import type { Context } from '@opentelemetry/api';
import { authEnvAttributes, errorAttributes } from '../common-attributes.ts';
import type { ErrorOptions } from '../error-description.ts';
import { describeError, property } from '../error-description.ts';
import type { EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';
import { authAgentAttributes } from './auth-request.ts';

/** Options of `recordWebsocketRequest`: one request sent over an open socket. */
export interface WebsocketRequestOptions extends ErrorOptions {
  readonly durationMillis: number;
  /** A socket that was open already was taken. */
  readonly authConnectionReused: boolean;
  /** Absent without an agent identity. */
  readonly authAgentId?: string | undefined;
  /** Absent without an agent identity. */
  readonly authTaskId?: string | undefined;
}

export const websocketRequestEvent: EventDefinition = {
  name: 'codex.websocket_request',
  method: 'recordWebsocketRequest',
  about: 'A request went out over a socket, or could not.',
  signals: 'both',
  attributes: [
    { name: 'duration_ms', type: 'string(n)', on: 'both', about: 'whole ms' },
    { name: 'success', type: 'string(b)', on: 'both', about: 'no error' },
    ...errorAttributes,
    ...authEnvAttributes,
    { name: 'auth.connection_reused', type: 'bool', on: 'both' },
    ...authAgentAttributes,
  ],
};

export function recordWebsocketRequest(
  recorder: EventRecorder,
  options: WebsocketRequestOptions,
  context: Context | undefined,
): void {
  const success = describeError(options) === undefined;
  const tags = recorder.tags.with({ success: String(success) });
  recorder.count(WEBSOCKET_REQUEST_COUNT_METRIC, 1, tags);
  recorder.duration(WEBSOCKET_REQUEST_DURATION_METRIC, property(options, 'durationMillis'), tags);
  recorder.emit(
    websocketRequestEvent,
    options,
    { ...recorder.identity.authEnvValues, success, ...recorder.errorValues(options) },
    context,
  );
}
