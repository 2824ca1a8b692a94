import type { Tags } from '@codex-otel/metrics';
import type { Attributes, Context } from '@opentelemetry/api';
import type { SessionMetadata, SessionTelemetry } from '../src/index.ts';
import { authEnvOff } from './session-fixture.ts';

/** One call and everything that it makes. Common attributes and session tags are added by the test. */
export interface EventCase {
  readonly title: string;
  readonly metadata?: Partial<SessionMetadata> | undefined;
  readonly record: (session: SessionTelemetry, context: Context) => unknown;
  /** The event's own attributes on the log record, in order; absent if none is made. */
  readonly log?: Attributes | undefined;
  /** Overrides the common attributes of the log record. */
  readonly logTail?: Attributes | undefined;
  /** The event's own attributes on the span event, in order; absent if none is made. */
  readonly trace?: Attributes | undefined;
  /** Overrides the common attributes of the span event. */
  readonly traceTail?: Attributes | undefined;
  /** The level of the span event. @defaultValue `INFO` */
  readonly level?: string | undefined;
  readonly metrics?: readonly (readonly [name: string, value: number, tags: Tags])[] | undefined;
}

const secretOutput = 'secret output\nsecond line';
const authEnvSet: Attributes = {
  'auth.env_openai_api_key_present': true,
  'auth.env_codex_api_key_present': false,
  'auth.env_codex_api_key_enabled': true,
  'auth.env_provider_key_name': 'configured',
  'auth.env_provider_key_present': true,
  'auth.env_refresh_token_url_override_present': true,
};
const withAuthEnv = (session: SessionTelemetry): SessionTelemetry =>
  session.withAuthEnv({
    openaiApiKeyPresent: true,
    codexApiKeyPresent: false,
    codexApiKeyEnabled: true,
    providerKeyName: 'configured',
    providerKeyPresent: true,
    refreshTokenUrlOverridePresent: true,
  });
const start = {
  providerName: 'OpenAI',
  reasoningSummary: 'auto',
  approvalPolicy: 'never',
  sandboxPolicy: 'workspace-write',
} as const;
const tool = {
  toolName: 'shell',
  callId: 'call-1',
  arguments: '{"command":"ls"}',
  output: 'a\nb\n',
  success: true,
  durationMillis: 42.9,
} as const;
const toolLog: Attributes = {
  tool_result_seq: 1,
  tool_name: 'shell',
  tool_namespace: 'functions',
  call_id: 'call-1',
  duration_ms: '42',
  success: 'true',
  output_truncated: false,
  agent_name: '/root',
  arguments: '{"command":"ls"}',
  output: 'a\nb\n',
  mcp_server: '',
  mcp_server_origin: '',
};
const toolTrace: Attributes = {
  tool_result_seq: '1',
  tool_name: 'shell',
  tool_namespace: 'functions',
  call_id: 'call-1',
  duration_ms: '42',
  success: 'true',
  output_truncated: false,
  arguments_length: 16,
  output_length: 4,
  output_line_count: 2,
  tool_origin: 'builtin',
  mcp_tool: false,
};
const tracedCall: Attributes = {
  'conversation.id': '01a09a08-5141-7cf0-b36b-4a52b8f3f8a1',
  turn_id: 'turn-1',
  call_id: 'call-1',
  tool_name: 'shell',
  tool_namespace: 'functions',
  tool_source: 'direct',
};
const authCall = { authHeaderAttached: true, authRetryAfterUnauthorized: false, endpoint: '/responses' } as const;
const answer = { turnId: 'turn-1', itemId: 'msg-1', response: 'Done.' } as const;
const review = {
  reviewId: 'review-1',
  turnId: 'turn-1',
  status: 'approved',
  startedAtMillis: 1_790_000_000_000,
} as const;

const knownReview: Tags = {
  decision: 'approved',
  terminal_status: 'approved',
  failure_reason: 'none',
  approval_request_source: 'main_turn',
  action: 'shell',
  session_kind: 'trunk_new',
  had_prior_review_context: 'false',
  reviewed_action_truncated: 'false',
  risk_level: 'low',
  user_authorization: 'high',
  outcome: 'allow',
  guardian_model: 'gpt_5',
  guardian_reasoning_effort: 'low',
};
const unknownReview: Tags = {
  decision: 'denied',
  terminal_status: 'timed_out',
  failure_reason: 'timeout',
  approval_request_source: 'delegated_subagent',
  action: 'network_access',
  session_kind: 'none',
  had_prior_review_context: 'unknown',
  reviewed_action_truncated: 'true',
  risk_level: 'none',
  user_authorization: 'none',
  outcome: 'none',
  guardian_model: 'none',
  guardian_reasoning_effort: 'none',
};

export const eventCases: readonly EventCase[] = [
  {
    title: 'conversationStarts with all options',
    record: (session, context) =>
      session.conversationStarts(
        {
          ...start,
          reasoningEffort: 'high',
          contextWindow: 272_000,
          autoCompactTokenLimit: 200_000,
          mcpServers: ['docs', 'codex_apps'],
        },
        context,
      ),
    log: {
      'config.legacy_multi_agent_disabled_sources': 'none',
      provider_name: 'OpenAI',
      ...authEnvOff,
      reasoning_effort: 'high',
      reasoning_summary: 'auto',
      context_window: 272_000,
      auto_compact_token_limit: 200_000,
      approval_policy: 'never',
      sandbox_policy: 'workspace-write',
      mcp_servers: 'docs, codex_apps',
    },
    trace: {
      'config.legacy_multi_agent_disabled_sources': 'none',
      provider_name: 'OpenAI',
      ...authEnvOff,
      reasoning_effort: 'high',
      reasoning_summary: 'auto',
      context_window: 272_000,
      auto_compact_token_limit: 200_000,
      approval_policy: 'never',
      sandbox_policy: 'workspace-write',
      mcp_server_count: 2,
    },
  },
  {
    title:
      'conversationStarts with the required options alone: other keys are left out, an empty list is an empty string',
    record: (session, context) => session.conversationStarts({ ...start, mcpServers: [] }, context),
    log: {
      'config.legacy_multi_agent_disabled_sources': 'none',
      provider_name: 'OpenAI',
      ...authEnvOff,
      reasoning_summary: 'auto',
      approval_policy: 'never',
      sandbox_policy: 'workspace-write',
      mcp_servers: '',
    },
    trace: {
      'config.legacy_multi_agent_disabled_sources': 'none',
      provider_name: 'OpenAI',
      ...authEnvOff,
      reasoning_summary: 'auto',
      approval_policy: 'never',
      sandbox_policy: 'workspace-write',
      mcp_server_count: 0,
    },
  },
  {
    title: 'conversationStarts with the environment group',
    record: (session, context) => withAuthEnv(session).conversationStarts({ ...start, mcpServers: [] }, context),
    log: {
      'config.legacy_multi_agent_disabled_sources': 'none',
      provider_name: 'OpenAI',
      ...authEnvSet,
      reasoning_summary: 'auto',
      approval_policy: 'never',
      sandbox_policy: 'workspace-write',
      mcp_servers: '',
    },
    trace: {
      'config.legacy_multi_agent_disabled_sources': 'none',
      provider_name: 'OpenAI',
      ...authEnvSet,
      reasoning_summary: 'auto',
      approval_policy: 'never',
      sandbox_policy: 'workspace-write',
      mcp_server_count: 0,
    },
  },
  {
    title: 'userPrompt with text and images, prompts on',
    record: (session, context) =>
      session.userPrompt(
        [{ type: 'text', text: 'super secret prompt' }, { type: 'image' }, { type: 'local_image' }],
        context,
      ),
    log: { prompt_length: '19', prompt: 'super secret prompt' },
    trace: { prompt_length: '19', text_input_count: 1, image_input_count: 1, local_image_input_count: 1 },
  },
  {
    title: 'userPrompt, prompts off',
    metadata: { logUserPrompts: false },
    record: (session, context) => session.userPrompt([{ type: 'text', text: 'super secret prompt' }], context),
    log: { prompt_length: '19', prompt: '[REDACTED]' },
    trace: { prompt_length: '19', text_input_count: 1, image_input_count: 0, local_image_input_count: 0 },
  },
  {
    title: 'userPrompt counts characters, not bytes or UTF-16 units',
    record: (session, context) =>
      session.userPrompt(
        [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'é😀' },
        ],
        context,
      ),
    log: { prompt_length: '3', prompt: 'aé😀' },
    trace: { prompt_length: '3', text_input_count: 2, image_input_count: 0, local_image_input_count: 0 },
  },
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
    title: 'recordAuthRecovery',
    record: (session, context) =>
      session.recordAuthRecovery(
        {
          authMode: 'managed',
          authStep: 'reload',
          authOutcome: 'recovery_succeeded',
          authRequestId: 'req-401',
          authCfRay: 'ray-401',
          authError: 'missing_authorization_header',
          authErrorCode: 'token_expired',
          authStateChanged: true,
        },
        context,
      ),
    log: {
      'auth.mode': 'managed',
      'auth.step': 'reload',
      'auth.outcome': 'recovery_succeeded',
      'auth.request_id': 'req-401',
      'auth.cf_ray': 'ray-401',
      'auth.error': 'missing_authorization_header',
      'auth.error_code': 'token_expired',
      'auth.state_changed': true,
    },
    trace: {
      'auth.mode': 'managed',
      'auth.step': 'reload',
      'auth.outcome': 'recovery_succeeded',
      'auth.request_id': 'req-401',
      'auth.cf_ray': 'ray-401',
      'auth.error': 'missing_authorization_header',
      'auth.error_code': 'token_expired',
      'auth.state_changed': true,
    },
  },
  {
    title: 'logSseEvent makes a log record and no span event',
    record: (session, context) =>
      session.logSseEvent(
        { event: { type: 'response.output_item.done' }, eventName: 'response.output_item.done', durationMillis: 120.9 },
        context,
      ),
    log: { 'event.kind': 'response.output_item.done', duration_ms: '120' },
    metrics: [
      ['codex.sse_event', 1, { kind: 'response.output_item.done', success: 'true' }],
      ['codex.sse_event.duration_ms', 120.9, { kind: 'response.output_item.done', success: 'true' }],
    ],
  },
  {
    title: 'logSseEvent of the end marker',
    record: (session, context) =>
      session.logSseEvent({ eventName: 'message', data: ' [DONE] ', durationMillis: 1 }, context),
    log: { 'event.kind': 'message', duration_ms: '1' },
    metrics: [
      ['codex.sse_event', 1, { kind: 'message', success: 'true' }],
      ['codex.sse_event.duration_ms', 1, { kind: 'message', success: 'true' }],
    ],
  },
  {
    title: 'logSseEvent of data that is not JSON',
    record: (session, context) =>
      session.logSseEvent({ eventName: 'response.created', data: 'not-json', durationMillis: 1 }, context),
    log: {
      'event.kind': 'response.created',
      duration_ms: '1',
      'error.message': `Unexpected token 'o', "not-json" is not valid JSON`,
    },
    trace: { 'event.kind': 'response.created', duration_ms: '1', 'error.type': 'SyntaxError' },
    metrics: [
      ['codex.sse_event', 1, { kind: 'response.created', success: 'false' }],
      ['codex.sse_event.duration_ms', 1, { kind: 'response.created', success: 'false' }],
    ],
  },
  {
    title: 'logSseEvent of response.failed',
    record: (session, context) =>
      session.logSseEvent(
        {
          event: { type: 'response.failed', ...{ response: { error: { code: 'server_error', message: 'boom' } } } },
          durationMillis: 3,
        },
        context,
      ),
    log: {
      'event.kind': 'response.failed',
      duration_ms: '3',
      'error.message': '{"type":"response.failed","response":{"error":{"code":"server_error","message":"boom"}}}',
    },
    trace: { 'event.kind': 'response.failed', duration_ms: '3', 'error.type': 'server_error' },
    metrics: [
      ['codex.sse_event', 1, { kind: 'response.failed', success: 'false' }],
      ['codex.sse_event.duration_ms', 3, { kind: 'response.failed', success: 'false' }],
    ],
  },
  ...(['a text', undefined] as const).map(
    (error): EventCase => ({
      title: `logSseEvent of response.failed whose error is ${error ?? 'absent'}`,
      record: (session, context) =>
        session.logSseEvent(
          { eventName: 'response.failed', data: JSON.stringify({ response: { error } }), durationMillis: 3 },
          context,
        ),
      log: {
        'event.kind': 'response.failed',
        duration_ms: '3',
        'error.message': JSON.stringify({ response: { error } }),
      },
      trace: { 'event.kind': 'response.failed', duration_ms: '3', 'error.type': '_OTHER' },
      metrics: [
        ['codex.sse_event', 1, { kind: 'response.failed', success: 'false' }],
        ['codex.sse_event.duration_ms', 3, { kind: 'response.failed', success: 'false' }],
      ],
    }),
  ),
  {
    title: 'logSseEvent of an output item without a type',
    record: (session, context) =>
      session.logSseEvent({ eventName: 'response.output_item.done', data: '{}', durationMillis: 3 }, context),
    log: {
      'event.kind': 'response.output_item.done',
      duration_ms: '3',
      'error.message': 'failed to parse response.output_item.done',
    },
    trace: { 'event.kind': 'response.output_item.done', duration_ms: '3', 'error.type': 'parse_error' },
    metrics: [
      ['codex.sse_event', 1, { kind: 'response.output_item.done', success: 'false' }],
      ['codex.sse_event.duration_ms', 3, { kind: 'response.output_item.done', success: 'false' }],
    ],
  },
  {
    title: 'logSseEvent of a transport error: no kind on the log record, `unknown` elsewhere',
    record: (session, context) =>
      session.logSseEvent(
        { error: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), durationMillis: 3 },
        context,
      ),
    log: { duration_ms: '3', 'error.message': 'socket hang up' },
    trace: { 'event.kind': 'unknown', duration_ms: '3', 'error.type': 'ECONNRESET' },
    metrics: [
      ['codex.sse_event', 1, { kind: 'unknown', success: 'false' }],
      ['codex.sse_event.duration_ms', 3, { kind: 'unknown', success: 'false' }],
    ],
  },
  {
    title: 'logSseEvent of an idle time-out',
    record: (session, context) => session.logSseEvent({ idleTimeout: true, durationMillis: 300_000 }, context),
    log: { duration_ms: '300000', 'error.message': 'idle timeout waiting for SSE' },
    trace: { 'event.kind': 'unknown', duration_ms: '300000', 'error.type': 'timeout' },
    metrics: [
      ['codex.sse_event', 1, { kind: 'unknown', success: 'false' }],
      ['codex.sse_event.duration_ms', 300_000, { kind: 'unknown', success: 'false' }],
    ],
  },
  {
    title: 'logSseEvent of the end of a stream records nothing',
    record: (session, context) => session.logSseEvent({ durationMillis: 3 }, context),
  },
  {
    title: 'sseEventFailed',
    record: (session, context) =>
      session.sseEventFailed(
        { eventKind: 'response.failed', error: new TypeError('boom'), durationMillis: 8 },
        context,
      ),
    log: { 'event.kind': 'response.failed', duration_ms: '8', 'error.message': 'boom' },
    trace: { 'event.kind': 'response.failed', duration_ms: '8', 'error.type': 'TypeError' },
    metrics: [
      ['codex.sse_event', 1, { kind: 'response.failed', success: 'false' }],
      ['codex.sse_event.duration_ms', 8, { kind: 'response.failed', success: 'false' }],
    ],
  },
  {
    title: 'sseEventCompletedFailed has no duration and no metric',
    record: (session, context) =>
      session.sseEventCompletedFailed({ error: 'failed to parse ResponseCompleted: missing field `id`' }, context),
    log: {
      'event.kind': 'response.completed',
      'error.message': 'failed to parse ResponseCompleted: missing field `id`',
    },
    trace: { 'event.kind': 'response.completed', 'error.type': '_OTHER' },
  },
  {
    title: 'sseEventCompleted sends three counts as strings, three as numbers, and the total under the wrong name',
    record: (session, context) =>
      session.sseEventCompleted(
        {
          inputTokenCount: 3,
          outputTokenCount: 5,
          cachedTokenCount: 1,
          cacheWriteTokenCount: 0,
          reasoningTokenCount: 2,
          toolTokenCount: 9,
        },
        context,
      ),
    log: {
      'event.kind': 'response.completed',
      input_token_count: '3',
      output_token_count: '5',
      cached_token_count: 1,
      cache_write_token_count: 0,
      reasoning_token_count: 2,
      tool_token_count: '9',
    },
    trace: {
      'event.kind': 'response.completed',
      input_token_count: '3',
      output_token_count: '5',
      cached_token_count: 1,
      cache_write_token_count: 0,
      reasoning_token_count: 2,
      tool_token_count: '9',
    },
  },
  {
    title: 'sseEventCompleted with the attributes of the request',
    record: (session, context) =>
      session.withInferenceRequest({ serviceTier: 'priority', modelReasoningEffort: 'high' }).sseEventCompleted(
        {
          inputTokenCount: 9994,
          outputTokenCount: 0,
          cachedTokenCount: 0,
          cacheWriteTokenCount: 0,
          reasoningTokenCount: 0,
          toolTokenCount: 9994,
          ttftMillis: 812.6,
          responseId: 'resp_1',
        },
        context,
      ),
    log: {
      'event.kind': 'response.completed',
      input_token_count: '9994',
      output_token_count: '0',
      cached_token_count: 0,
      cache_write_token_count: 0,
      reasoning_token_count: 0,
      tool_token_count: '9994',
      ttft_ms: 812,
      'response.id': 'resp_1',
      service_tier: 'priority',
      model_reasoning_effort: 'high',
    },
    trace: {
      'event.kind': 'response.completed',
      input_token_count: '9994',
      output_token_count: '0',
      cached_token_count: 0,
      cache_write_token_count: 0,
      reasoning_token_count: 0,
      tool_token_count: '9994',
      ttft_ms: '812',
      'response.id': 'resp_1',
      service_tier: 'priority',
      model_reasoning_effort: 'high',
    },
  },
  ...(
    [
      ['approved', 'Config'],
      ['approved', 'User'],
      ['approved_for_session', 'User'],
      ['denied', 'User'],
      ['abort', undefined],
      ['timed_out', 'AutomatedReviewer'],
    ] as const
  ).map(
    ([decision, source]): EventCase => ({
      title: `toolDecision: ${decision}, source ${source ?? 'absent'}`,
      record: (session, context) =>
        session.toolDecision({ toolName: 'shell', callId: 'call-1', decision, source }, context),
      log: {
        tool_name: 'shell',
        tool_namespace: 'functions',
        call_id: 'call-1',
        decision,
        ...(source === undefined ? {} : { source }),
      },
      metrics:
        source === 'User' || source === 'AutomatedReviewer'
          ? [['codex.approval.requested', 1, { tool: 'shell', approved: decision }]]
          : [],
    }),
  ),
  {
    title: 'toolDecision of a tool in a namespace',
    record: (session, context) =>
      session.toolDecision(
        { toolName: 'search', toolNamespace: 'docs', callId: 'call-1', decision: 'approved', source: 'Config' },
        context,
      ),
    log: { tool_name: 'search', tool_namespace: 'docs', call_id: 'call-1', decision: 'approved', source: 'Config' },
  },
  {
    title: 'toolResult of a built-in tool',
    record: (session, context) => session.toolResult(tool, context),
    log: toolLog,
    trace: toolTrace,
    metrics: [
      ['codex.tool.call', 1, { tool: 'shell', success: 'true' }],
      ['codex.tool.call.duration_ms', 42.9, { tool: 'shell', success: 'true' }],
    ],
  },
  {
    title: 'toolResult of an MCP tool: content on the log record, lengths on the span event',
    record: (session, context) =>
      session.toolResult(
        {
          toolName: 'query',
          toolNamespace: 'internal-mcp',
          callId: 'call-2',
          arguments: 'secret arguments',
          output: secretOutput,
          success: true,
          durationMillis: 42,
          mcpServer: 'internal-mcp',
          mcpServerOrigin: 'stdio',
        },
        context,
      ),
    log: {
      tool_result_seq: 1,
      tool_name: 'query',
      tool_namespace: 'internal-mcp',
      call_id: 'call-2',
      duration_ms: '42',
      success: 'true',
      output_truncated: false,
      agent_name: '/root',
      arguments: 'secret arguments',
      output: secretOutput,
      mcp_server: 'internal-mcp',
      mcp_server_origin: 'stdio',
    },
    trace: {
      tool_result_seq: '1',
      tool_name: 'query',
      tool_namespace: 'internal-mcp',
      call_id: 'call-2',
      duration_ms: '42',
      success: 'true',
      output_truncated: false,
      arguments_length: 16,
      output_length: 25,
      output_line_count: 2,
      tool_origin: 'mcp',
      mcp_tool: true,
    },
    metrics: [
      ['codex.tool.call', 1, { tool: 'query', success: 'true' }],
      ['codex.tool.call.duration_ms', 42, { tool: 'query', success: 'true' }],
    ],
  },
  {
    title: 'toolResult of a failure, with empty MCP keys',
    record: (session, context) =>
      session.toolResult({ ...tool, toolName: 'nonexistent', output: 'unsupported call', success: false }, context),
    log: { ...toolLog, tool_name: 'nonexistent', success: 'false', output: 'unsupported call' },
    trace: { ...toolTrace, tool_name: 'nonexistent', success: 'false', output_length: 16, output_line_count: 1 },
    metrics: [
      ['codex.tool.call', 1, { tool: 'nonexistent', success: 'false' }],
      ['codex.tool.call.duration_ms', 42.9, { tool: 'nonexistent', success: 'false' }],
    ],
  },
  {
    title: 'toolResult with a long output, a product, a sub-agent and tags of the caller',
    metadata: {
      productSku: 'somebody-elses',
      toolResultMaxBytes: 4,
      sessionSource: { kind: 'subagent', agent: 'thread-spawn', parentConversationId: 'parent-1' },
    },
    record: (session, context) =>
      session.toolResult({ ...tool, output: '12345\n6', tags: { sandbox: 'seatbelt', odd: 'a b' } }, context),
    log: {
      tool_result_seq: 1,
      tool_name: 'shell',
      tool_namespace: 'functions',
      call_id: 'call-1',
      product_sku: 'other',
      duration_ms: '42',
      success: 'true',
      output_truncated: true,
      agent_name: '01a09a08-5141-7cf0-b36b-4a52b8f3f8a1',
      arguments: '{"command":"ls"}',
      output: '1234\n[... telemetry preview truncated ...]',
      mcp_server: '',
      mcp_server_origin: '',
    },
    trace: {
      tool_result_seq: '1',
      tool_name: 'shell',
      tool_namespace: 'functions',
      call_id: 'call-1',
      product_sku: 'other',
      duration_ms: '42',
      success: 'true',
      output_truncated: true,
      arguments_length: 16,
      output_length: 7,
      output_line_count: 2,
      tool_origin: 'builtin',
      mcp_tool: false,
    },
    metrics: [
      [
        'codex.tool.call',
        1,
        {
          session_source: 'subagent_thread_spawn',
          tool: 'shell',
          success: 'true',
          sandbox: 'seatbelt',
          odd: 'a_b',
          product_sku: 'other',
        },
      ],
      [
        'codex.tool.call.duration_ms',
        42.9,
        {
          session_source: 'subagent_thread_spawn',
          tool: 'shell',
          success: 'true',
          sandbox: 'seatbelt',
          odd: 'a_b',
          product_sku: 'other',
        },
      ],
    ],
  },
  {
    title: 'logToolFailed is a whole result, whose output is the error text',
    record: (session, context) =>
      session.logToolFailed(
        { toolName: 'shell', callId: 'call-1', arguments: '{"a":1}', error: new Error('no such tool') },
        context,
      ),
    log: {
      tool_result_seq: 1,
      tool_name: 'shell',
      tool_namespace: 'functions',
      call_id: 'call-1',
      duration_ms: '0',
      success: 'false',
      output_truncated: false,
      agent_name: '/root',
      arguments: '{"a":1}',
      output: 'no such tool',
      mcp_server: '',
      mcp_server_origin: '',
    },
    trace: {
      tool_result_seq: '1',
      tool_name: 'shell',
      tool_namespace: 'functions',
      call_id: 'call-1',
      duration_ms: '0',
      success: 'false',
      output_truncated: false,
      arguments_length: 7,
      output_length: 12,
      output_line_count: 1,
      tool_origin: 'builtin',
      mcp_tool: false,
    },
    metrics: [
      ['codex.tool.call', 1, { tool: 'shell', success: 'false' }],
      ['codex.tool.call.duration_ms', 0, { tool: 'shell', success: 'false' }],
    ],
  },
  {
    title: 'logToolFailed with the required options alone',
    record: (session, context) => session.logToolFailed({ toolName: 'shell', errorMessage: 'unsupported' }, context),
    log: {
      tool_result_seq: 1,
      tool_name: 'shell',
      tool_namespace: 'functions',
      call_id: '',
      duration_ms: '0',
      success: 'false',
      output_truncated: false,
      agent_name: '/root',
      arguments: '',
      output: 'unsupported',
      mcp_server: '',
      mcp_server_origin: '',
    },
    trace: {
      tool_result_seq: '1',
      tool_name: 'shell',
      tool_namespace: 'functions',
      call_id: '',
      duration_ms: '0',
      success: 'false',
      output_truncated: false,
      arguments_length: 0,
      output_length: 11,
      output_line_count: 1,
      tool_origin: 'builtin',
      mcp_tool: false,
    },
    metrics: [
      ['codex.tool.call', 1, { tool: 'shell', success: 'false' }],
      ['codex.tool.call.duration_ms', 0, { tool: 'shell', success: 'false' }],
    ],
  },
  {
    title: 'sandboxOutcome of a call that was repeated outside the sandbox',
    record: (session, context) =>
      session.sandboxOutcome(
        {
          toolName: 'shell',
          callId: 'call-1',
          outcome: 'escalated',
          initialDurationMillis: 12.7,
          escalatedDurationMillis: 30,
        },
        context,
      ),
    log: {
      tool_name: 'shell',
      call_id: 'call-1',
      outcome: 'escalated',
      initial_duration_ms: 12,
      escalated_duration_ms: 30,
    },
    trace: {
      tool_name: 'shell',
      call_id: 'call-1',
      outcome: 'escalated',
      initial_duration_ms: '12',
      escalated_duration_ms: '30',
    },
  },
  {
    title: 'recordStartupPhase with a status',
    record: (session, context) =>
      session.recordStartupPhase(
        { startupPhase: 'startup_prewarm_resolve', startupStatus: 'ready', durationMillis: 7 },
        context,
      ),
    log: { 'startup.phase': 'startup_prewarm_resolve', 'startup.status': 'ready', duration_ms: '7' },
    trace: { 'startup.phase': 'startup_prewarm_resolve', 'startup.status': 'ready', duration_ms: '7' },
    metrics: [['codex.startup.phase.duration_ms', 7, { phase: 'startup_prewarm_resolve', status: 'ready' }]],
  },
  {
    title: 'recordStartupPhase without a status',
    record: (session, context) =>
      session.recordStartupPhase({ startupPhase: 'thread_start_total', durationMillis: 7 }, context),
    log: { 'startup.phase': 'thread_start_total', duration_ms: '7' },
    trace: { 'startup.phase': 'thread_start_total', duration_ms: '7' },
    metrics: [['codex.startup.phase.duration_ms', 7, { phase: 'thread_start_total' }]],
  },
  {
    title: 'recordTurnTtft',
    record: (session, context) => session.recordTurnTtft({ durationMillis: 95.5 }, context),
    log: { duration_ms: '95' },
    trace: { duration_ms: '95' },
    metrics: [['codex.turn.ttft.duration_ms', 95.5, {}]],
  },
  {
    title: 'recordPluginInstallElicitationSent',
    record: (session, context) =>
      session.recordPluginInstallElicitationSent(
        { pluginInstallToolType: 'connector', pluginInstallToolId: 'conn-1', pluginInstallToolName: 'Calendar' },
        context,
      ),
    log: {
      'plugin_install.tool_type': 'connector',
      'plugin_install.tool_id': 'conn-1',
      'plugin_install.tool_name': 'Calendar',
    },
    trace: {
      'plugin_install.tool_type': 'connector',
      'plugin_install.tool_id': 'conn-1',
      'plugin_install.tool_name': 'Calendar',
    },
    metrics: [['codex.plugins.install_elicitation.sent', 1, { tool_type: 'connector' }]],
  },
  {
    title: 'recordPluginInstallSuggestion',
    record: (session, context) =>
      session.recordPluginInstallSuggestion(
        {
          pluginInstallToolType: 'plugin',
          pluginInstallToolId: 'plug-1',
          pluginInstallToolName: 'Lint',
          pluginInstallResponseAction: 'accept',
          pluginInstallUserConfirmed: true,
          pluginInstallCompleted: false,
        },
        context,
      ),
    log: {
      'plugin_install.tool_type': 'plugin',
      'plugin_install.tool_id': 'plug-1',
      'plugin_install.tool_name': 'Lint',
      'plugin_install.response_action': 'accept',
      'plugin_install.user_confirmed': true,
      'plugin_install.completed': false,
    },
    trace: {
      'plugin_install.tool_type': 'plugin',
      'plugin_install.tool_id': 'plug-1',
      'plugin_install.tool_name': 'Lint',
      'plugin_install.response_action': 'accept',
      'plugin_install.user_confirmed': true,
      'plugin_install.completed': false,
    },
    metrics: [
      ['codex.plugins.install_suggestion', 1, { tool_type: 'plugin', response_action: 'accept', completed: 'false' }],
    ],
  },
  {
    title: 'skillInvocation has these keys and no others',
    metadata: { userId: 'user-1' },
    record: (session, context) =>
      session.skillInvocation(
        {
          turnId: 'turn-1',
          skillName: 'release-notes',
          skillScope: 'repo',
          skillPluginId: 'plug-1',
          skillInvocationType: 'explicit',
        },
        context,
      ),
    log: {
      'conversation.id': '01a09a08-5141-7cf0-b36b-4a52b8f3f8a1',
      'turn.id': 'turn-1',
      'user.id': 'user-1',
      'user.account_id': 'acct-1',
      'skill.name': 'release-notes',
      'skill.scope': 'repo',
      'skill.plugin_id': 'plug-1',
      'skill.invocation_type': 'explicit',
      model: 'gpt-5.1-codex',
      'app.version': '0.158.0',
      originator: 'codex_cli_rs',
      auth_mode: 'Chatgpt',
    },
    logTail: {},
  },
  {
    title: 'skillInvocation without a ChatGPT user',
    metadata: { userId: 'user-1', authMode: 'ApiKey', accountId: undefined },
    record: (session, context) =>
      session.skillInvocation(
        { turnId: 'turn-1', skillName: 'release-notes', skillInvocationType: 'implicit' },
        context,
      ),
    log: {
      'conversation.id': '01a09a08-5141-7cf0-b36b-4a52b8f3f8a1',
      'turn.id': 'turn-1',
      'skill.name': 'release-notes',
      'skill.invocation_type': 'implicit',
      model: 'gpt-5.1-codex',
      'app.version': '0.158.0',
      originator: 'codex_cli_rs',
      auth_mode: 'ApiKey',
    },
    logTail: {},
  },
  {
    title: 'genAiInferenceDetails of a model call with its content',
    metadata: { genAi: 'attributes', logUserPrompts: true, logAgentResponses: true },
    record: (session, context) =>
      session.genAiInferenceDetails(
        {
          attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 3, unknown: 'x' },
          systemInstructions: 'Be brief.',
          inputMessages: 'What is new?',
          outputMessages: [
            {
              role: 'assistant',
              parts: [{ type: 'tool_call', id: 'c1', name: 'shell', arguments: '{"command":"ls"}' }],
            },
          ],
        },
        context,
      ),
    log: {
      'gen_ai.system_instructions': [{ type: 'text', content: 'Be brief.' }],
      'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'What is new?' }] }],
      'gen_ai.output.messages': [
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'shell', arguments: '{"command":"ls"}' }] },
      ],
      'gen_ai.operation.name': 'chat',
      'gen_ai.usage.input_tokens': 3,
    },
    logTail: {},
  },
  {
    title: 'genAiInferenceDetails without the GenAI conventions',
    metadata: { logUserPrompts: true, logAgentResponses: true },
    record: (session, context) => session.genAiInferenceDetails({ inputMessages: 'What is new?' }, context),
  },
  {
    title: 'genAiInferenceDetails without a setting that sends content',
    metadata: { genAi: 'spans', logUserPrompts: false, logAgentResponses: false },
    record: (session, context) => session.genAiInferenceDetails({ inputMessages: 'What is new?' }, context),
  },
  {
    title: 'agentResponse of a main agent',
    metadata: { logAgentResponses: true },
    record: (session, context) =>
      session.agentResponse(
        { ...answer, response: 'Done.<oai-mem-citation>m1</oai-mem-citation> Bye.', rootTurnId: 'turn-0' },
        context,
      ),
    log: {
      'agent.type': 'main',
      'turn.id': 'turn-1',
      'item.id': 'msg-1',
      'root.turn.id': 'turn-0',
      response: 'Done. Bye.',
      response_length: 10,
      response_truncated: false,
    },
  },
  {
    title: 'agentResponse: a long response of a sub-agent',
    metadata: {
      logAgentResponses: true,
      sessionSource: { kind: 'subagent', agent: 'thread-spawn', parentConversationId: 'parent-1' },
    },
    record: (session, context) =>
      session.agentResponse(
        {
          ...answer,
          response: 'x'.repeat(70_000),
          parentTurnId: 'turn-p',
          rootTurnId: 'turn-0',
          initiatingAgentPath: '/root/a',
        },
        context,
      ),
    log: {
      'agent.type': 'subagent',
      'turn.id': 'turn-1',
      'item.id': 'msg-1',
      'parent.conversation.id': 'parent-1',
      'parent.turn.id': 'turn-p',
      'root.turn.id': 'turn-0',
      'initiating.agent.path': '/root/a',
      response: 'x'.repeat(65_536),
      response_length: 70_000,
      response_truncated: true,
    },
  },
  { title: 'agentResponse without the setting', record: (session, context) => session.agentResponse(answer, context) },
  {
    title: 'agentResponse of a sub-agent that the program runs itself',
    metadata: { logAgentResponses: true, sessionSource: { kind: 'subagent', agent: 'review' } },
    record: (session, context) => session.agentResponse(answer, context),
  },
  {
    title: 'agentResponse with nothing but a citation',
    metadata: { logAgentResponses: true },
    record: (session, context) => session.agentResponse({ ...answer, response: ' \n<oai-mem-citation>m1' }, context),
  },
  {
    title: 'guardianAssessment with all options',
    metadata: { logGuardianAssessments: true },
    record: (session, context) =>
      session.guardianAssessment(
        {
          ...review,
          itemId: 'item-1',
          outcome: 'allow',
          riskLevel: 'low',
          userAuthorization: 'high',
          completedAtMillis: 1_790_000_000_500.25,
          rationale: 'é'.repeat(40_000),
        },
        context,
      ),
    log: {
      'review.id': 'review-1',
      'turn.id': 'turn-1',
      'item.id': 'item-1',
      status: 'approved',
      outcome: 'allow',
      risk_level: 'low',
      user_authorization: 'high',
      started_at_ms: 1_790_000_000_000,
      completed_at_ms: 1_790_000_000_500,
      rationale: 'é'.repeat(32_768),
      rationale_length: 80_000,
      rationale_truncated: true,
    },
  },
  {
    title: 'guardianAssessment that timed out',
    metadata: { logGuardianAssessments: true },
    record: (session, context) => session.guardianAssessment({ ...review, status: 'timed_out' }, context),
    log: {
      'review.id': 'review-1',
      'turn.id': 'turn-1',
      status: 'timed_out',
      started_at_ms: 1_790_000_000_000,
    },
  },
  {
    title: 'guardianAssessment in progress',
    metadata: { logGuardianAssessments: true },
    record: (session, context) => session.guardianAssessment({ ...review, status: 'in_progress' }, context),
  },
  {
    title: 'guardianAssessment without the setting',
    record: (session, context) => session.guardianAssessment(review, context),
  },
  {
    title: 'agentCommunication',
    record: (session, context) =>
      session.agentCommunication(
        {
          communicationId: 'message-1',
          kind: 'spawn',
          state: 'send',
          senderThreadId: 'thread-1',
          receiverThreadId: 'thread-2',
          content: 'look into it',
        },
        context,
      ),
    metadata: { logUserPrompts: true },
    log: {
      communication_id: 'message-1',
      kind: 'spawn',
      state: 'send',
      sender_thread_id: 'thread-1',
      receiver_thread_id: 'thread-2',
      content: 'look into it',
    },
    logTail: {},
  },
  {
    title: 'agentCommunication without its text, prompts off',
    metadata: { logUserPrompts: false },
    record: (session, context) =>
      session.agentCommunication(
        {
          communicationId: 'message-1',
          kind: 'followup',
          state: 'send',
          senderThreadId: 'thread-1',
          receiverThreadId: 'thread-2',
          content: 'look into it',
        },
        context,
      ),
    log: {
      communication_id: 'message-1',
      kind: 'followup',
      state: 'send',
      sender_thread_id: 'thread-1',
      receiver_thread_id: 'thread-2',
      content: '[REDACTED]',
    },
    logTail: {},
  },
  {
    title: 'agentCommunicationState, the short form',
    record: (session, context) =>
      session.agentCommunicationState({ communicationId: 'message-1', state: 'receive' }, context),
    log: { communication_id: 'message-1', state: 'receive' },
    logTail: {},
  },
  {
    title: 'recordGuardianReview with all options',
    record: (session, context) =>
      session.recordGuardianReview(
        {
          decision: 'approved',
          terminalStatus: 'approved',
          approvalRequestSource: 'main_turn',
          action: 'shell',
          sessionKind: 'trunk_new',
          hadPriorReviewContext: false,
          reviewedActionTruncated: false,
          riskLevel: 'low',
          userAuthorization: 'high',
          outcome: 'allow',
          guardianModel: 'gpt 5',
          guardianReasoningEffort: 'low',
          durationMillis: 900,
          ttftMillis: 300,
          tokenUsage: {
            inputTokens: 10,
            cachedInputTokens: 4,
            cacheWriteInputTokens: 1,
            outputTokens: 5,
            reasoningOutputTokens: 2,
            totalTokens: 15,
          },
        },
        context,
      ),
    metrics: [
      ['codex.guardian.review', 1, knownReview],
      ['codex.guardian.review.duration_ms', 900, knownReview],
      ['codex.guardian.review.ttft.duration_ms', 300, knownReview],
      ...(
        [
          ['total', 15],
          ['input', 10],
          ['cached_input', 4],
          ['cache_write_input', 1],
          ['non_cached_input', 6],
          ['output', 5],
          ['reasoning_output', 2],
        ] as const
      ).map(
        ([type, tokens]) =>
          ['codex.guardian.review.token_usage', tokens, { ...knownReview, token_type: type }] as const,
      ),
    ],
  },
  {
    title: 'recordGuardianReview that timed out',
    record: (session, context) =>
      session.recordGuardianReview(
        {
          decision: 'denied',
          terminalStatus: 'timed_out',
          failureReason: 'timeout',
          approvalRequestSource: 'delegated_subagent',
          action: 'network_access',
          reviewedActionTruncated: true,
          durationMillis: 30_000,
        },
        context,
      ),
    metrics: [
      ['codex.guardian.review', 1, unknownReview],
      ['codex.guardian.review.duration_ms', 30_000, unknownReview],
    ],
  },
  {
    title: 'recordTurnCost',
    record: (session, context) =>
      session.recordTurnCost(
        {
          turnId: 'turn-1',
          usageEstimatedUsd: '0.0123455',
          turnInterrupted: false,
          speed: 'fast',
          reasoningEffort: 'high',
        },
        context,
      ),
    log: {
      'turn.id': 'turn-1',
      'usage.estimated_usd': '0.0123455',
      'turn.interrupted': false,
      speed: 'fast',
      reasoning_effort: 'high',
    },
    metrics: [
      [
        'codex.turn.cost_microusd',
        12_346,
        {
          'turn.id': 'turn-1',
          'conversation.id': '01a09a08-5141-7cf0-b36b-4a52b8f3f8a1',
          'turn.interrupted': 'false',
          speed: 'fast',
          reasoning_effort: 'high',
        },
      ],
    ],
  },
  {
    title: 'recordTurnCost of an amount that is not a number makes the log record alone',
    record: (session, context) =>
      session.recordTurnCost({ turnId: 'turn-1', usageEstimatedUsd: '~1', turnInterrupted: true }, context),
    log: { 'turn.id': 'turn-1', 'usage.estimated_usd': '~1', 'turn.interrupted': true },
  },
  {
    title: 'recordTurnProfile',
    record: (session, context) =>
      session.recordTurnProfile(
        {
          turnId: 'turn-1',
          durationMillis: 1000,
          inferenceMillis: 620,
          toolsMillis: 210,
          autoReviewMillis: 0,
          userWaitMillis: 120,
          overheadMillis: 50,
          unknownMillis: 0,
          samplingRequestCount: 3,
          samplingRetryCount: 1,
        },
        context,
      ),
    trace: {
      'conversation.id': '01a09a08-5141-7cf0-b36b-4a52b8f3f8a1',
      turn_id: 'turn-1',
      critical_path_status: 'measured',
      critical_path_duration_ms: '1000',
      critical_path_inference_ms: '620',
      critical_path_tools_ms: '210',
      critical_path_auto_review_ms: '0',
      critical_path_user_wait_ms: '120',
      critical_path_overhead_ms: '50',
      critical_path_unknown_ms: '0',
      sampling_request_count: '3',
      sampling_retry_count: '1',
    },
    traceTail: {},
    metrics: [
      ['codex.turn.critical_path.duration_ms', 1000, {}],
      ['codex.turn.critical_path.component_ms', 120, { component: 'user_wait' }],
      ['codex.turn.critical_path.component_ms', 0, { component: 'auto_review' }],
      ['codex.turn.critical_path.component_ms', 210, { component: 'tools' }],
      ['codex.turn.critical_path.component_ms', 620, { component: 'inference' }],
      ['codex.turn.critical_path.component_ms', 50, { component: 'overhead' }],
      ['codex.turn.critical_path.component_ms', 0, { component: 'unknown' }],
    ],
  },
  {
    title: 'recordTurnProgress',
    record: (session, context) =>
      session.recordTurnProgress(
        {
          turnId: 'turn-1',
          phase: 'tool',
          phaseElapsedMillis: 1200.7,
          elapsedMillis: 3400,
          inputTokens: 100,
          outputTokens: 20,
          totalTokens: 120,
          openToolCount: 2,
          openTools: 'shell,apply_patch',
        },
        context,
      ),
    log: {
      'turn.id': 'turn-1',
      phase: 'tool',
      phase_elapsed_ms: 1200,
      elapsed_ms: 3400,
      input_tokens_so_far: 100,
      output_tokens_so_far: 20,
      total_tokens_so_far: 120,
      open_tool_count: 2,
      open_tools: 'shell,apply_patch',
    },
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
  {
    title: 'recordToolCallReceived',
    record: (session, context) =>
      session.recordToolCallReceived({ turnId: 'turn-1', callId: 'call-1', toolName: 'shell' }, context),
    trace: tracedCall,
    traceTail: {},
  },
  {
    title: 'recordToolResultReady',
    record: (session, context) =>
      session.recordToolResultReady(
        { dispatchToResultReadyMillis: 57.845104, turnId: 'turn-1', callId: 'call-1', toolName: 'shell' },
        context,
      ),
    trace: { dispatch_to_result_ready_ms: 57.845104, ...tracedCall },
    traceTail: {},
  },
];
