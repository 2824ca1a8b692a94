import type { Tags } from '@codex-otel/metrics';
import type { EventCase } from './event-case.ts';

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

export const turnCases: readonly EventCase[] = [
  {
    title: 'recordTurnTtft',
    record: (session, context) => session.recordTurnTtft({ durationMillis: 95.5 }, context),
    log: { duration_ms: '95' },
    trace: { duration_ms: '95' },
    metrics: [['codex.turn.ttft.duration_ms', 95.5, {}]],
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
];
