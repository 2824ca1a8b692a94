import type { Attributes } from '@opentelemetry/api';
import { authEnvOff } from '../session-fixture.ts';
import { authEnvSet, withAuthEnv } from './auth-env.ts';
import type { EventCase } from './event-case.ts';

const authCall = { authHeaderAttached: true, authRetryAfterUnauthorized: false, endpoint: '/responses' } as const;

export const requestCases: readonly EventCase[] = [
  {
    title: 'recordApiRequest that succeeded',
    record: (session, context) =>
      session.recordApiRequest(
        {
          ...authCall,
          attempt: 1,
          durationMillis: 300,
          httpResponseStatusCode: 200,
          authHeaderName: 'authorization',
          authRequestId: 'req-1',
          authAgentId: 'agent-1',
          authTaskId: 'task-1',
        },
        context,
      ),
    log: {
      duration_ms: '300',
      'http.response.status_code': 200,
      attempt: 1,
      'auth.header_attached': true,
      'auth.header_name': 'authorization',
      'auth.retry_after_unauthorized': false,
      endpoint: '/responses',
      ...authEnvOff,
      'auth.request_id': 'req-1',
      'auth.agent_id': 'agent-1',
      'auth.task_id': 'task-1',
    },
    trace: {
      duration_ms: '300',
      'http.response.status_code': '200',
      attempt: '1',
      'auth.header_attached': true,
      'auth.header_name': 'authorization',
      'auth.retry_after_unauthorized': false,
      endpoint: '/responses',
      ...authEnvOff,
      'auth.request_id': 'req-1',
      'auth.agent_id': 'agent-1',
      'auth.task_id': 'task-1',
    },
    metrics: [
      ['codex.api_request', 1, { status: '200', success: 'true' }],
      ['codex.api_request.duration_ms', 300, { status: '200', success: 'true' }],
    ],
  },
  {
    title: 'recordApiRequest of a 401 with all fields; the message is on the log record alone',
    record: (session, context) =>
      withAuthEnv(session).recordApiRequest(
        {
          attempt: 2,
          durationMillis: 17,
          httpResponseStatusCode: 401,
          errorMessage: 'token for engineer@example.com expired',
          authHeaderAttached: true,
          authHeaderName: 'authorization',
          authRetryAfterUnauthorized: true,
          authRecoveryMode: 'managed',
          authRecoveryPhase: 'refresh_token',
          endpoint: '/responses',
          authRequestId: 'req-401',
          authCfRay: 'ray-401',
          authError: 'missing_authorization_header',
          authErrorCode: 'token_expired',
        },
        context,
      ),
    log: {
      duration_ms: '17',
      'http.response.status_code': 401,
      'error.message': 'token for engineer@example.com expired',
      attempt: 2,
      'auth.header_attached': true,
      'auth.header_name': 'authorization',
      'auth.retry_after_unauthorized': true,
      'auth.recovery_mode': 'managed',
      'auth.recovery_phase': 'refresh_token',
      endpoint: '/responses',
      ...authEnvSet,
      'auth.request_id': 'req-401',
      'auth.cf_ray': 'ray-401',
      'auth.error': 'missing_authorization_header',
      'auth.error_code': 'token_expired',
    },
    trace: {
      duration_ms: '17',
      'http.response.status_code': '401',
      'error.type': '401',
      attempt: '2',
      'auth.header_attached': true,
      'auth.header_name': 'authorization',
      'auth.retry_after_unauthorized': true,
      'auth.recovery_mode': 'managed',
      'auth.recovery_phase': 'refresh_token',
      endpoint: '/responses',
      ...authEnvSet,
      'auth.request_id': 'req-401',
      'auth.cf_ray': 'ray-401',
      'auth.error': 'missing_authorization_header',
      'auth.error_code': 'token_expired',
    },
    metrics: [
      ['codex.api_request', 1, { status: '401', success: 'false' }],
      ['codex.api_request.duration_ms', 17, { status: '401', success: 'false' }],
    ],
  },
  ...(
    [
      ['no answer', undefined, undefined, 'none', 'false'],
      ['204', 204, undefined, '204', 'true'],
      ['a redirect', 302, undefined, '302', 'false'],
      ['`null`, which is not an error, after a 200', 200, null, '200', 'true'],
      ['an error after a 200', 200, Object.assign(new Error('cut off'), { code: 'ECONNRESET' }), '200', 'false'],
    ] as const
  ).map(([what, status, error, tag, success]): EventCase => {
    const shared: Attributes = {
      'auth.header_attached': true,
      'auth.retry_after_unauthorized': false,
      endpoint: '/responses',
      ...authEnvOff,
    };
    const code = (sent: number | string): Attributes =>
      status === undefined ? {} : { 'http.response.status_code': sent };
    return {
      title: `recordApiRequest: ${what}`,
      record: (session, context) =>
        session.recordApiRequest(
          { ...authCall, attempt: 0, durationMillis: 5, httpResponseStatusCode: status, error },
          context,
        ),
      log: {
        duration_ms: '5',
        ...code(status ?? 0),
        ...(error ? { 'error.message': 'cut off' } : {}),
        attempt: 0,
        ...shared,
      },
      trace: {
        duration_ms: '5',
        ...code(String(status)),
        ...(error ? { 'error.type': 'ECONNRESET' } : {}),
        attempt: '0',
        ...shared,
      },
      metrics: [
        ['codex.api_request', 1, { status: tag, success }],
        ['codex.api_request.duration_ms', 5, { status: tag, success }],
      ],
    };
  }),
  {
    title: 'recordWebsocketConnect of a 401',
    record: (session, context) =>
      withAuthEnv(session).recordWebsocketConnect(
        {
          durationMillis: 9,
          httpResponseStatusCode: 401,
          authHeaderAttached: true,
          authHeaderName: 'authorization',
          authRetryAfterUnauthorized: true,
          authRecoveryMode: 'managed',
          authRecoveryPhase: 'reload',
          endpoint: '/responses',
          authConnectionReused: false,
          authRequestId: 'req-ws',
          authError: 'your session has ended',
        },
        context,
      ),
    log: {
      duration_ms: '9',
      'http.response.status_code': 401,
      success: 'false',
      'auth.header_attached': true,
      'auth.header_name': 'authorization',
      'auth.retry_after_unauthorized': true,
      'auth.recovery_mode': 'managed',
      'auth.recovery_phase': 'reload',
      endpoint: '/responses',
      ...authEnvSet,
      'auth.connection_reused': false,
      'auth.reauth': false,
      'auth.request_id': 'req-ws',
      'auth.error': 'your session has ended',
    },
    trace: {
      duration_ms: '9',
      'http.response.status_code': '401',
      success: 'false',
      'auth.header_attached': true,
      'auth.header_name': 'authorization',
      'auth.retry_after_unauthorized': true,
      'auth.recovery_mode': 'managed',
      'auth.recovery_phase': 'reload',
      endpoint: '/responses',
      ...authEnvSet,
      'auth.connection_reused': false,
      'auth.reauth': false,
      'auth.request_id': 'req-ws',
    },
    metrics: [
      ['codex.websocket.connect', 1, { success: 'false', reauth: 'false' }],
      ['codex.websocket.connect.duration_ms', 9, { success: 'false', reauth: 'false' }],
    ],
  },
  {
    title: 'recordWebsocketConnect without status and error is a success',
    record: (session, context) =>
      session.recordWebsocketConnect({ ...authCall, durationMillis: 9, authConnectionReused: false }, context),
    log: {
      duration_ms: '9',
      success: 'true',
      'auth.header_attached': true,
      'auth.retry_after_unauthorized': false,
      endpoint: '/responses',
      ...authEnvOff,
      'auth.connection_reused': false,
      'auth.reauth': false,
    },
    trace: {
      duration_ms: '9',
      success: 'true',
      'auth.header_attached': true,
      'auth.retry_after_unauthorized': false,
      endpoint: '/responses',
      ...authEnvOff,
      'auth.connection_reused': false,
      'auth.reauth': false,
    },
    metrics: [
      ['codex.websocket.connect', 1, { success: 'true', reauth: 'false' }],
      ['codex.websocket.connect.duration_ms', 9, { success: 'true', reauth: 'false' }],
    ],
  },
  {
    title: 'recordWebsocketRequest with an error on an open socket',
    record: (session, context) =>
      withAuthEnv(session).recordWebsocketRequest(
        { durationMillis: 400, errorMessage: 'stream error', authConnectionReused: true },
        context,
      ),
    log: {
      duration_ms: '400',
      success: 'false',
      'error.message': 'stream error',
      ...authEnvSet,
      'auth.connection_reused': true,
    },
    trace: {
      duration_ms: '400',
      success: 'false',
      'error.type': '_OTHER',
      ...authEnvSet,
      'auth.connection_reused': true,
    },
    metrics: [
      ['codex.websocket.request', 1, { success: 'false' }],
      ['codex.websocket.request.duration_ms', 400, { success: 'false' }],
    ],
  },
  {
    title: 'recordRetry',
    record: (session, context) => session.recordRetry({ attempt: 1, delayMillis: 218.4 }, context),
    level: 'TRACE',
    trace: { 'retry.attempt': '1', 'retry.delay_ms': '218', 'retry.layer': 'http', 'retry.operation': 'request' },
    traceTail: {},
  },
  {
    title: 'recordRetry of a stream',
    record: (session, context) =>
      session.recordRetry({ attempt: 2, delayMillis: 209, layer: 'stream', operation: 'sampling' }, context),
    level: 'TRACE',
    trace: { 'retry.attempt': '2', 'retry.delay_ms': '209', 'retry.layer': 'stream', 'retry.operation': 'sampling' },
    traceTail: {},
  },
];
