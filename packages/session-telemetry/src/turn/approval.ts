import type { Context } from '@opentelemetry/api';
import type { ToolDecision } from '../events/tool-decision.ts';
import { property } from '../property.ts';
import { guard } from './guard.ts';
import type { TurnClock } from './turn-clock.ts';
import type { TurnSession } from './turn-session.ts';
import type { TurnTimeline } from './turn-timeline.ts';

/** A tool call that somebody is asked about. */
export interface ApprovalOptions {
  readonly toolName: string;
  /** @defaultValue `functions` */
  readonly toolNamespace?: string | undefined;
  readonly callId: string;
  /** Who is asked: the time counts as waiting for the user, or as automatic review. @defaultValue `User` */
  readonly reviewer?: 'User' | 'AutomatedReviewer' | undefined;
}

/** An approval that somebody was asked for. */
export interface PendingApproval {
  /**
   * The wait is over; later calls change nothing. A decision is recorded: `codex.tool_decision`, and the counter
   * `codex.approval.requested`. Leave it out where nothing was decided, or where the agent records it by itself.
   */
  end(decision?: ToolDecision): void;
}

/** What an approval needs of its turn. */
export interface ApprovalTurn {
  readonly session: TurnSession;
  readonly clock: TurnClock;
  readonly context: Context;
  readonly timeline: TurnTimeline;
}

/** Starts the wait for an answer. */
export function requestApproval(
  { session, clock, context, timeline }: ApprovalTurn,
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
