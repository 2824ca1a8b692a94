import { API_CALL_COUNT_METRIC, API_CALL_DURATION_METRIC } from '@codex-otel/metrics';
import type { Context } from '@opentelemetry/api';
import { authEnvAttributes, errorAttributes } from '../common-attributes.ts';
import type { ErrorOptions } from '../error-description.ts';
import { describeError, property, statusOf } from '../error-description.ts';
import type { EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';
import type { AuthRequestOptions } from './auth-request.ts';
import { authAgentAttributes, authAnswerAttributes, authErrorValues, authHeaderAttributes } from './auth-request.ts';

/** Options of `recordApiRequest`: one attempt at one HTTP request. */
export interface ApiRequestOptions extends AuthRequestOptions, ErrorOptions {
  readonly durationMillis: number;
  /** Absent when no answer came. */
  readonly httpResponseStatusCode?: number | undefined;
  /** Counts from what the caller counts from. */
  readonly attempt: number;
}

export const apiRequestEvent: EventDefinition = {
  name: 'codex.api_request',
  method: 'recordApiRequest, logRequest',
  about: 'A request to the model provider was answered or failed.',
  signals: 'both',
  attributes: [
    { name: 'duration_ms', type: 'string(n)', on: 'both', about: 'whole ms' },
    { name: 'http.response.status_code', type: 'int', on: 'both', absent: 'no answer' },
    ...errorAttributes,
    { name: 'attempt', type: 'int', on: 'both' },
    ...authHeaderAttributes,
    ...authEnvAttributes,
    ...authAnswerAttributes,
    ...authAgentAttributes,
  ],
};

export function recordApiRequest(
  recorder: EventRecorder,
  options: ApiRequestOptions,
  context: Context | undefined,
): void {
  const given = property(options, 'httpResponseStatusCode');
  const status = typeof given === 'number' && Number.isInteger(given) ? given : undefined;
  const failed = describeError(options) !== undefined;
  const success = status !== undefined && status >= 200 && status <= 299 && !failed;
  const tags = recorder.tags.with({ status: status === undefined ? 'none' : String(status), success: String(success) });
  recorder.count(API_CALL_COUNT_METRIC, 1, tags);
  recorder.duration(API_CALL_DURATION_METRIC, property(options, 'durationMillis'), tags);
  const httpError = status !== undefined && status >= 400 ? String(status) : undefined;
  recorder.emit(
    apiRequestEvent,
    options,
    {
      ...recorder.identity.authEnvValues,
      ...recorder.errorValues(options, httpError),
      ...authErrorValues(recorder, options),
    },
    context,
  );
}

/** What `logRequest` says of a request: it knows the outcome and nothing about its authorisation. */
export function requestOptions(
  attempt: number,
  durationMillis: number,
  outcome: { readonly result?: unknown; readonly error?: unknown },
): ApiRequestOptions {
  return {
    attempt,
    durationMillis,
    httpResponseStatusCode: statusOf(outcome.error ?? outcome.result),
    error: outcome.error,
    authHeaderAttached: false,
    authRetryAfterUnauthorized: false,
    endpoint: 'unknown',
  };
}
