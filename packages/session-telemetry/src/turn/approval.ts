import type { ToolDecision } from '../events/tool-decision.ts';
import { property } from '../property.ts';
import { guard } from './guard.ts';
import type { StreamTurn } from './stream-turn.ts';

/** Options of {@link SessionTurn.requestApproval}: the tool call that needs an approval. */
export interface ApprovalOptions {
  /** The name of the tool. */
  readonly toolName: string;
  /** The group of tools that it belongs to. @defaultValue `functions` */
  readonly toolNamespace?: string | undefined;
  /** The id of the tool call. */
  readonly callId: string;
  /** Who decides. The time counts as waiting for the user, or as automatic review. @defaultValue `User` */
  readonly reviewer?: 'User' | 'AutomatedReviewer' | undefined;
}

/** An approval that was requested and not decided yet. */
export interface PendingApproval {
  /**
   * Ends the wait; later calls change nothing. A decision is recorded as `codex.tool_decision`, with the counter
   * `codex.approval.requested`. Leave it out if nothing was decided, or if the agent records the decision itself.
   */
  end(decision?: ToolDecision): void;
}

/** Starts the wait for a decision. */
export function requestApproval(
  { session, clock, context, timeline }: Pick<StreamTurn, 'session' | 'clock' | 'context' | 'timeline'>,
  options: ApprovalOptions,
): PendingApproval {
  const source = property(options, 'reviewer') === 'AutomatedReviewer' ? 'AutomatedReviewer' : 'User';
  const wait = timeline.begin(source === 'User' ? 'user_wait' : 'auto_review', clock.now());
  return {
    end: (decision) =>
      guard('record an approval', () => {
        if (wait.endedAt !== undefined) return;
        timeline.end(wait, clock.now());
        if (decision === undefined) return;
        const { toolName, toolNamespace, callId } = options;
        session.toolDecision({ toolName, toolNamespace, callId, decision, source }, context);
      }),
  };
}
