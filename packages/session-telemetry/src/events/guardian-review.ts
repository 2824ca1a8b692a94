import { codexMetricNames, sanitizeMetricTagValue } from '@codex-otel/metrics';
import type { TokenUsage } from '@codex-otel/token-usage';
import { checkedTokenUsage, nonCachedInputTokens } from '@codex-otel/token-usage';
import type { AttributeDefinition } from '../attribute-definition.ts';
import type { AttributeOptions } from '../attribute-options.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

const tags = {
  /** What was decided. */
  decision: { name: 'decision', values: ['approved', 'denied', 'aborted'] },
  /** How the review ended. */
  terminalStatus: {
    name: 'terminal_status',
    values: ['approved', 'denied', 'aborted', 'timed_out', 'failed_closed'],
  },
  /** Why the review failed. @defaultValue `none` */
  failureReason: {
    name: 'failure_reason',
    otherwise: 'none',
    values: ['timeout', 'cancelled', 'prompt_build_error', 'session_error', 'parse_error', 'none'],
  },
  /** Who asked for the approval. */
  approvalRequestSource: { name: 'approval_request_source', values: ['main_turn', 'delegated_subagent'] },
  /** What was reviewed. */
  action: {
    name: 'action',
    values: [
      'shell',
      'unified_exec',
      'execve',
      'apply_patch',
      'network_access',
      'mcp_tool_call',
      'request_permissions',
    ],
  },
  /** How the reviewer's session was started. @defaultValue `none` */
  sessionKind: {
    name: 'session_kind',
    otherwise: 'none',
    values: ['trunk_new', 'trunk_reused', 'ephemeral_forked', 'none'],
  },
  /** Whether the reviewer knew of earlier reviews. @defaultValue unknown */
  hadPriorReviewContext: { name: 'had_prior_review_context', type: 'bool', otherwise: 'unknown' },
  /** Whether the reviewer saw only a part of the action. */
  reviewedActionTruncated: { name: 'reviewed_action_truncated', type: 'bool' },
  /** How risky the action is. @defaultValue `none` */
  riskLevel: { name: 'risk_level', otherwise: 'none', values: ['low', 'medium', 'high', 'critical', 'none'] },
  /** How clearly the user authorised the action. @defaultValue `none` */
  userAuthorization: {
    name: 'user_authorization',
    otherwise: 'none',
    values: ['unknown', 'low', 'medium', 'high', 'none'],
  },
  /** The reviewer's answer. @defaultValue `none` */
  outcome: { name: 'outcome', otherwise: 'none', values: ['allow', 'deny', 'none'] },
  /** The model that reviewed. @defaultValue `none` */
  guardianModel: { name: 'guardian_model', otherwise: 'none' },
  /** Its reasoning effort. @defaultValue `none` */
  guardianReasoningEffort: { name: 'guardian_reasoning_effort', otherwise: 'none' },
} as const;

/** Options of {@link SessionTelemetry.recordGuardianReview}: how an automatic review went. All but the last three become tags. */
export interface GuardianReviewOptions extends AttributeOptions<typeof tags> {
  /** Milliseconds that the review took. */
  readonly durationMillis: number;
  /** Milliseconds to the first token. Absent if unknown. */
  readonly ttftMillis?: number | undefined;
  /** The tokens that it used. Absent if unknown. */
  readonly tokenUsage?: TokenUsage | undefined;
}

/** The same options, in the order of Codex. */
const tagTable: Readonly<Record<string, AttributeDefinition>> = tags;

export const recordGuardianReview: SessionEvent<GuardianReviewOptions> = {
  definitions: [],
  record: (recorder, options) => {
    const own = Object.fromEntries(
      Object.entries(tagTable).map(([option, tag]) => [tag.name, tagValue(property(options, option), tag)]),
    );
    const tags = recorder.tags.with(own);
    recorder.count(codexMetricNames.guardianReviewCount, 1, tags);
    recorder.duration(codexMetricNames.guardianReviewDuration, property(options, 'durationMillis'), tags);
    const ttft = property(options, 'ttftMillis');
    if (ttft !== undefined) recorder.duration(codexMetricNames.guardianReviewTtftDuration, ttft, tags);
    const usage = checkedTokenUsage(property(options, 'tokenUsage'));
    if (usage === undefined) return;
    for (const [type, tokens] of tokenTypes(usage)) {
      recorder.value(
        codexMetricNames.guardianReviewTokenUsage,
        tokens,
        recorder.tags.with({ ...own, token_type: type }),
      );
    }
  },
};

function tokenTypes(usage: TokenUsage): readonly (readonly [type: string, tokens: number])[] {
  return [
    ['total', usage.totalTokens],
    ['input', usage.inputTokens],
    ['cached_input', usage.cachedInputTokens],
    ['cache_write_input', usage.cacheWriteInputTokens],
    ['non_cached_input', nonCachedInputTokens(usage)],
    ['output', usage.outputTokens],
    ['reasoning_output', usage.reasoningOutputTokens],
  ];
}

function tagValue(value: unknown, { otherwise = 'none' }: AttributeDefinition): string {
  if (typeof value === 'string') return sanitizeMetricTagValue(value);
  return String(typeof value === 'boolean' ? value : otherwise);
}
