import type { ReceivedMetric } from '@codex-otel/otlp-collector';
import type { TokenUsage } from '@codex-otel/token-usage';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { shippedStream, startPipeline, streamOf } from '../src/index.ts';

const SESSION_TAGS = ['app.version', 'auth_mode', 'model', 'originator', 'session_source'];
const GUARDIAN_TAGS = [
  'action',
  'approval_request_source',
  'decision',
  'failure_reason',
  'guardian_model',
  'guardian_reasoning_effort',
  'had_prior_review_context',
  'outcome',
  'reviewed_action_truncated',
  'risk_level',
  'session_kind',
  'terminal_status',
  'user_authorization',
];
const GEN_AI_TAGS = ['gen_ai.operation.name', 'gen_ai.provider.name', 'gen_ai.request.model', 'gen_ai.response.model'];

/** Those of the conventions' release have a suite of their own. */
const GEN_AI_RELEASE = /^gen_ai\.(client\.inference|invoke_agent|execute_tool)\./;

type Kind = 'counter' | 'histogram' | 'milliseconds' | 'seconds' | 'tokens';

/** What a session and its turns export: each metric's kind and its own tags, beside those of the session. */
const METRICS: readonly (readonly [name: string, kind: Kind, tags: readonly string[]])[] = [
  ['codex.api_request', 'counter', ['status', 'success']],
  ['codex.api_request.duration_ms', 'milliseconds', ['status', 'success']],
  ['codex.conversation.turn.count', 'counter', []],
  ['codex.guardian.review', 'counter', GUARDIAN_TAGS],
  ['codex.guardian.review.duration_ms', 'milliseconds', GUARDIAN_TAGS],
  ['codex.guardian.review.token_usage', 'histogram', [...GUARDIAN_TAGS, 'token_type']],
  ['codex.guardian.review.ttft.duration_ms', 'milliseconds', GUARDIAN_TAGS],
  ['codex.plugins.install_elicitation.sent', 'counter', ['tool_type']],
  ['codex.plugins.install_suggestion', 'counter', ['completed', 'response_action', 'tool_type']],
  ['codex.responses_api_engine_iapi_tbt.duration_ms', 'milliseconds', []],
  ['codex.responses_api_engine_iapi_ttft.duration_ms', 'milliseconds', []],
  ['codex.responses_api_engine_service_tbt.duration_ms', 'milliseconds', []],
  ['codex.responses_api_engine_service_ttft.duration_ms', 'milliseconds', []],
  ['codex.responses_api_inference_time.duration_ms', 'milliseconds', []],
  ['codex.responses_api_overhead.duration_ms', 'milliseconds', []],
  ['codex.sse_event', 'counter', ['kind', 'success']],
  ['codex.sse_event.duration_ms', 'milliseconds', ['kind', 'success']],
  ['codex.startup.phase.duration_ms', 'milliseconds', ['phase', 'status']],
  ['codex.tool.call', 'counter', ['success', 'tool']],
  ['codex.tool.call.duration_ms', 'milliseconds', ['success', 'tool']],
  [
    'codex.turn.cost_microusd',
    'counter',
    ['conversation.id', 'reasoning_effort', 'speed', 'turn.id', 'turn.interrupted'],
  ],
  ['codex.turn.critical_path.component_ms', 'milliseconds', ['component']],
  ['codex.turn.critical_path.duration_ms', 'milliseconds', []],
  ['codex.turn.e2e_duration_ms', 'milliseconds', []],
  ['codex.turn.token_usage', 'histogram', ['tmp_mem_enabled', 'token_type']],
  ['codex.turn.tool.call', 'histogram', ['tmp_mem_enabled']],
  ['codex.turn.ttfm.duration_ms', 'milliseconds', []],
  ['codex.turn.ttft.duration_ms', 'milliseconds', []],
  ['codex.websocket.event', 'counter', ['kind', 'success']],
  ['codex.websocket.event.duration_ms', 'milliseconds', ['kind', 'success']],
  ['codex.websocket.request', 'counter', ['success']],
  ['codex.websocket.request.duration_ms', 'milliseconds', ['success']],
  ['gen_ai.client.operation.duration', 'seconds', GEN_AI_TAGS],
  ['gen_ai.client.token.usage', 'tokens', [...GEN_AI_TAGS, 'gen_ai.token.type']],
];

const SHAPES: Readonly<Record<Kind, Pick<ReceivedMetric, 'kind' | 'unit' | 'description'>>> = {
  counter: { kind: 'sum', unit: '', description: '' },
  histogram: { kind: 'histogram', unit: '', description: '' },
  milliseconds: { kind: 'histogram', unit: 'ms', description: 'Duration in milliseconds.' },
  seconds: { kind: 'histogram', unit: 's', description: 'GenAI operation duration.' },
  tokens: { kind: 'histogram', unit: '{token}', description: 'Number of input and output tokens used.' },
};

const USAGE: TokenUsage = {
  inputTokens: 10,
  cachedInputTokens: 4,
  cacheWriteInputTokens: 1,
  outputTokens: 5,
  reasoningOutputTokens: 2,
  totalTokens: 15,
};

const TIMING = {
  responses_duration_excl_engine_and_client_tool_time_ms: 124,
  engine_service_total_ms: 457,
  engine_iapi_ttft_total_ms: 211,
  engine_service_ttft_total_ms: 233,
  engine_iapi_tbt_across_engine_calls_ms: 3.5,
  engine_service_tbt_across_engine_calls_ms: 4.25,
};

/** Every call of a session that records a metric, once. */
async function recordEverything(): Promise<readonly ReceivedMetric[]> {
  const { telemetry, startTurn, finish } = await startPipeline();
  telemetry.recordStartupPhase({ startupPhase: 'ready', startupStatus: 'ok', durationMillis: 7 });
  telemetry.recordPluginInstallElicitationSent({
    pluginInstallToolType: 'connector',
    pluginInstallToolId: 'conn-1',
    pluginInstallToolName: 'Calendar',
  });
  telemetry.recordPluginInstallSuggestion({
    pluginInstallToolType: 'plugin',
    pluginInstallToolId: 'plug-1',
    pluginInstallToolName: 'Lint',
    pluginInstallResponseAction: 'accept',
    pluginInstallUserConfirmed: true,
    pluginInstallCompleted: false,
  });
  telemetry.recordWebsocketRequest({ durationMillis: 400, authConnectionReused: true });
  const timing = { type: 'responsesapi.websocket_timing', timing_metrics: TIMING };
  for (const message of [{ type: 'response.created' }, timing]) {
    telemetry.recordWebsocketEvent({ data: JSON.stringify(message), durationMillis: 80 });
  }
  telemetry.recordGuardianReview({
    decision: 'approved',
    terminalStatus: 'approved',
    approvalRequestSource: 'main_turn',
    action: 'shell',
    sessionKind: 'trunk_new',
    hadPriorReviewContext: false,
    reviewedActionTruncated: false,
    durationMillis: 900,
    ttftMillis: 300,
    tokenUsage: USAGE,
  });
  telemetry.recordTurnCost({
    turnId: 'turn-1',
    usageEstimatedUsd: '0.0123455',
    turnInterrupted: false,
    speed: 'fast',
    reasoningEffort: 'high',
  });
  await telemetry.logRequest(1, async () => new Response('{}'));
  const turn = startTurn({ genAi: 'attributes', genAiOldMetrics: true });
  await turn.tool({ toolName: 'shell', callId: 'call-1', arguments: '{}' }, () => ({ output: 'ok', success: true }));
  for await (const event of turn.observeResponse(streamOf(await shippedStream('2-answer')))) {
    telemetry.logSseEvent({ event, durationMillis: 3 });
  }
  turn.end();
  return (await finish()).metrics;
}

describe('the metrics of a session', () => {
  let exported: ReadonlyMap<string, ReceivedMetric>;
  beforeAll(async () => {
    exported = new Map((await recordEverything()).map((metric) => [metric.name, metric]));
  });

  it('are those of the table', () => {
    const names = [...exported.keys()].filter((name) => !GEN_AI_RELEASE.test(name)).sort();
    expect(names).toEqual(METRICS.map(([name]) => name));
  });

  it.each(METRICS)('%s is exported as %s with its tags', (name, kind, tags) => {
    const sessionTags = name.startsWith('codex.') ? SESSION_TAGS : [];
    const metric = exported.get(name);
    expect(metric).toMatchObject(SHAPES[kind]);
    expect(metric?.scope.name).toBe('codex');
    for (const point of metric?.points ?? []) {
      expect(Object.keys(point.attributes).sort()).toEqual([...sessionTags, ...tags].sort());
    }
  });
});
