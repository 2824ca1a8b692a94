import { codexMetricNames } from '@codex-otel/metrics';
import { describeError, statusOf } from '../error-description.ts';
import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  /** Milliseconds from the request to the answer or the failure. */
  durationMillis: { name: 'duration_ms', type: 'string(n)', about: 'whole ms' },
  /** The HTTP status. Absent if no answer came. */
  httpResponseStatusCode: { name: 'http.response.status_code', type: 'uint', absent: 'no answer' },
  error: { group: 'error' },
  /** Number of the attempt, from 0. */
  attempt: { name: 'attempt', type: 'uint', about: 'from 0' },
  authHeader: { group: 'authHeader' },
  authEnv: { group: 'authEnv' },
  authAnswer: { group: 'authAnswer' },
  authAgent: { group: 'authAgent' },
} as const;

/** Options of {@link SessionTelemetry.recordApiRequest}. */
export interface ApiRequestOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.api_request', {
  on: 'both',
  about: 'A request to the model provider was answered or failed.',
  alsoBy: 'logRequest',
  attributes,
});

export const recordApiRequest: SessionEvent<ApiRequestOptions> = {
  definitions: [event],
  record: (recorder, options, context) => {
    const given = property(options, 'httpResponseStatusCode');
    const status = typeof given === 'number' && Number.isInteger(given) ? given : undefined;
    const failed = describeError(options) !== undefined;
    const success = status !== undefined && status >= 200 && status <= 299 && !failed;
    const tags = recorder.tags.with({
      status: status === undefined ? 'none' : String(status),
      success: String(success),
    });
    recorder.count(codexMetricNames.apiCallCount, 1, tags);
    recorder.duration(codexMetricNames.apiCallDuration, property(options, 'durationMillis'), tags);
    recorder.emit(event, options, {}, context);
  },
};

/** The options with which `logRequest` records a request: it knows the outcome, but nothing about the authorisation. */
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
