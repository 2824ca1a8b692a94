import type { Context } from '@opentelemetry/api';
import { authEnvAttributes, errorAttributes } from '../common-attributes.ts';
import type { ErrorOptions } from '../error-description.ts';
import { describeError, property } from '../error-description.ts';
import type { EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';
import type { AuthRequestOptions } from './auth-request.ts';
import { authAgentAttributes, authAnswerAttributes, authErrorValues, authHeaderAttributes } from './auth-request.ts';

/** Options of `recordWebsocketConnect`: one attempt at opening a socket. */
export interface WebsocketConnectOptions extends AuthRequestOptions, ErrorOptions {
  readonly durationMillis: number;
  /** Absent when no answer came, or where the client does not show it. */
  readonly httpResponseStatusCode?: number | undefined;
  /** A socket that was open already was taken. */
  readonly authConnectionReused: boolean;
}

export const websocketConnectEvent: EventDefinition = {
  name: 'codex.websocket_connect',
  method: 'recordWebsocketConnect',
  about: 'A socket to the model provider was opened, or could not be. No metric.',
  signals: 'both',
  attributes: [
    { name: 'duration_ms', type: 'string(n)', on: 'both', about: 'whole ms' },
    { name: 'http.response.status_code', type: 'int', on: 'both', absent: 'no answer' },
    { name: 'success', type: 'string(b)', on: 'both', about: 'no error, and a status of 200 to 299 or none' },
    ...errorAttributes,
    ...authHeaderAttributes,
    { name: 'auth.connection_reused', type: 'bool', on: 'both' },
    ...authEnvAttributes,
    ...authAnswerAttributes,
    ...authAgentAttributes,
  ],
};

export function recordWebsocketConnect(
  recorder: EventRecorder,
  options: WebsocketConnectOptions,
  context: Context | undefined,
): void {
  const status = property(options, 'httpResponseStatusCode');
  const answered = typeof status === 'number';
  const accepted = !answered || (status >= 200 && status <= 299);
  const httpError = answered && status >= 400 ? String(status) : undefined;
  recorder.emit(
    websocketConnectEvent,
    options,
    {
      ...recorder.identity.authEnvValues,
      success: accepted && describeError(options) === undefined,
      ...recorder.errorValues(options, httpError),
      ...authErrorValues(recorder, options),
    },
    context,
  );
}
