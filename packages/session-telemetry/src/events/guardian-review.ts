import { codexMetricNames, sanitizeMetricTagValue } from '@codex-otel/metrics';
import type { TokenUsage } from '@codex-otel/token-usage';
import { checkedTokenUsage, nonCachedInputTokens } from '@codex-otel/token-usage';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

/** Options of {@link SessionTelemetry.recordGuardianReview}: how an automatic review went. All but the last three become tags. */
export interface GuardianReviewOptions {
  /** What was decided. */
  readonly decision: 'approved' | 'denied' | 'aborted';
  /** How the review ended. */
  readonly terminalStatus: 'approved' | 'denied' | 'aborted' | 'timed_out' | 'failed_closed';
  /** Why the review failed. @defaultValue `none` */
  readonly failureReason?:
    | 'timeout'
    | 'cancelled'
    | 'prompt_build_error'
    | 'session_error'
    | 'parse_error'
    | 'none'
    | undefined;
  /** Who asked for the approval. */
  readonly approvalRequestSource: 'main_turn' | 'delegated_subagent';
  /** What was reviewed. */
  readonly action:
    | 'shell'
    | 'unified_exec'
    | 'execve'
    | 'apply_patch'
    | 'network_access'
    | 'mcp_tool_call'
    | 'request_permissions';
  /** How the reviewer's session was started. @defaultValue `none` */
  readonly sessionKind?: 'trunk_new' | 'trunk_reused' | 'ephemeral_forked' | 'none' | undefined;
  /** Whether the reviewer knew of earlier reviews. @defaultValue unknown */
  readonly hadPriorReviewContext?: boolean | undefined;
  /** Whether the reviewer saw only a part of the action. */
  readonly reviewedActionTruncated: boolean;
  /** How risky the action is. @defaultValue `none` */
  readonly riskLevel?: 'low' | 'medium' | 'high' | 'critical' | 'none' | undefined;
  /** How clearly the user authorised the action. @defaultValue `none` */
  readonly userAuthorization?: 'unknown' | 'low' | 'medium' | 'high' | 'none' | undefined;
  /** The reviewer's answer. @defaultValue `none` */
  readonly outcome?: 'allow' | 'deny' | 'none' | undefined;
  /** The model that reviewed. @defaultValue `none` */
  readonly guardianModel?: string | undefined;
  /** Its reasoning effort. @defaultValue `none` */
  readonly guardianReasoningEffort?: string | undefined;
  /** Milliseconds that the review took. */
  readonly durationMillis: number;
  /** Milliseconds to the first token. Absent if unknown. */
  readonly ttftMillis?: number | undefined;
  /** The tokens that it used. Absent if unknown. */
  readonly tokenUsage?: TokenUsage | undefined;
}

/** The tag of each option, in the order of Codex. */
const tagOptions = [
  ['decision', 'decision'],
  ['terminalStatus', 'terminal_status'],
  ['failureReason', 'failure_reason'],
  ['approvalRequestSource', 'approval_request_source'],
  ['action', 'action'],
  ['sessionKind', 'session_kind'],
  ['hadPriorReviewContext', 'had_prior_review_context'],
  ['reviewedActionTruncated', 'reviewed_action_truncated'],
  ['riskLevel', 'risk_level'],
  ['userAuthorization', 'user_authorization'],
  ['outcome', 'outcome'],
  ['guardianModel', 'guardian_model'],
  ['guardianReasoningEffort', 'guardian_reasoning_effort'],
] as const satisfies readonly (readonly [keyof GuardianReviewOptions, string])[];

export const recordGuardianReview: SessionEvent<GuardianReviewOptions> = {
  definitions: [],
  record: (recorder, options) => {
    const own = Object.fromEntries(tagOptions.map(([option, tag]) => [tag, tagValue(options, option)]));
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

function tagValue(options: GuardianReviewOptions, option: string): string {
  const value = property(options, option);
  if (typeof value === 'string') return sanitizeMetricTagValue(value);
  if (typeof value === 'boolean') return String(value);
  return option === 'hadPriorReviewContext' ? 'unknown' : 'none';
}
