import type { EventCase } from './event-case.ts';

export const streamCases: readonly EventCase[] = [
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
];
