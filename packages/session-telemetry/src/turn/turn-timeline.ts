import { spanAttributes } from '@codex-otel/token-usage';
import type { Context, Tracer } from '@opentelemetry/api';
import type { Activity, ActivityKind, CriticalPath, CriticalPathComponent } from './critical-path.ts';
import { criticalPath, firstOf, noTime } from './critical-path.ts';
import { guard } from './guard.ts';
import type { TurnPhase } from './open-turns.ts';
import { samplingSpan, toolBlockingSpan, turnPhaseAttributes } from './span-definitions.ts';
import type { TurnClock } from './turn-clock.ts';

/** A request to the model and its answer. */
export interface Sampling {
  activity: Activity;
  readonly startedAt: number;
  /** Whether it repeats one that failed. */
  readonly isRetry: boolean;
}

/** The part of a turn that its timeline uses. */
export interface TimelineTurn {
  readonly tracer: Tracer;
  readonly clock: TurnClock;
  readonly context: Context;
  readonly conversationId: string;
  readonly turnId: string;
}

const PHASES: Readonly<Record<CriticalPathComponent, TurnPhase>> = {
  user_wait: 'user_wait',
  auto_review: 'auto_review',
  tools: 'tool',
  inference: 'sampling',
  unknown: 'overhead',
  overhead: 'overhead',
};

/**
 * What a turn waits for, and since when. Makes the spans `codex.sampling` and `codex.tool_blocking`, knows the current phase,
 * and at the end computes where the time went. Spans are made when they end, so that none is left open.
 */
export class TurnTimeline {
  readonly #turn: TimelineTurn;
  readonly #activities: Activity[] = [];
  readonly #open = noTime();
  #phaseSince: number;
  /** Requests without an answer yet. */
  readonly #unanswered = new Set<Sampling>();
  #openSamplings = 0;
  #samplings = 0;
  #retries = 0;
  #lastFailed = false;
  /** When the last response ended; `undefined` once the next request has begun. */
  #sampledAt: number | undefined;
  #toolsEndedAt: number | undefined;

  constructor(turn: TimelineTurn) {
    this.#turn = turn;
    this.#phaseSince = turn.clock.startedAt;
  }

  get phase(): TurnPhase {
    return PHASES[firstOf(this.#open)];
  }

  /** When the phase began, by the turn's clock. */
  get phaseSince(): number {
    return this.#phaseSince;
  }

  get samplingRequests(): number {
    return this.#samplings;
  }

  get samplingRetries(): number {
    return this.#retries;
  }

  begin(kind: ActivityKind, startedAt: number): Activity {
    const activity: Activity = { kind, startedAt, endedAt: undefined };
    this.#activities.push(activity);
    this.#change(kind, 1, startedAt);
    return activity;
  }

  /** Ends an activity, once. If it ends before it began, it took no time. */
  end(activity: Activity, endedAt: number): void {
    if (activity.endedAt !== undefined) return;
    activity.endedAt = endedAt;
    this.#change(activity.kind, -1, endedAt);
  }

  toolStarted(startedAt: number): Activity {
    return this.begin('tools', startedAt);
  }

  toolEnded(tool: Activity, endedAt: number): void {
    this.end(tool, endedAt);
    if (this.#sampledAt !== undefined) this.#toolsEndedAt = endedAt;
  }

  /** A request to the model starts. */
  samplingStarted(startedAt: number): Sampling {
    this.#endToolBlocking(startedAt);
    const isRetry = this.#lastFailed;
    this.#lastFailed = false;
    this.#samplings += 1;
    if (isRetry) this.#retries += 1;
    this.#openSamplings += 1;
    const sampling = { activity: this.begin('inference', startedAt), startedAt, isRetry };
    this.#unanswered.add(sampling);
    return sampling;
  }

  /**
   * The answer begins.
   *
   * @param since - When the known part of the answer began, if the time of the request is not known.
   */
  samplingAnswered(sampling: Sampling, since?: number): void {
    this.#unanswered.delete(sampling);
    if (since === undefined) return;
    this.#activities.push({ kind: 'unknown', startedAt: sampling.startedAt, endedAt: since });
    sampling.activity.startedAt = Math.max(since, sampling.startedAt);
  }

  samplingEnded(sampling: Sampling, endedAt: number, failed: boolean): void {
    if (sampling.activity.endedAt !== undefined) return;
    this.#leave(sampling, endedAt);
    this.#lastFailed = failed;
    this.#spanOf('sampling', sampling.startedAt, endedAt);
    if (this.#openSamplings === 0) this.#sampledAt = endedAt;
  }

  /** Removes a request that turned out not to be one. */
  samplingWithdrawn(sampling: Sampling): void {
    if (sampling.activity.endedAt !== undefined) return;
    this.#leave(sampling, sampling.activity.startedAt);
    this.#samplings -= 1;
    if (!sampling.isRetry) return;
    this.#retries -= 1;
    this.#lastFailed = true;
  }

  /** An open request pauses before its next attempt: the model is not working. */
  samplingPaused(pausedAt: number, millis: number): boolean {
    const sampling = [...this.#unanswered].at(-1);
    if (sampling === undefined) return false;
    sampling.activity.endedAt = pausedAt;
    sampling.activity = { kind: 'inference', startedAt: pausedAt + millis, endedAt: undefined };
    this.#activities.push(sampling.activity);
    return true;
  }

  /** The turn is over. */
  close(endedAt: number): CriticalPath {
    this.#endToolBlocking(endedAt);
    return criticalPath(this.#activities, this.#turn.clock.startedAt, endedAt);
  }

  #leave(sampling: Sampling, endedAt: number): void {
    this.#unanswered.delete(sampling);
    this.#openSamplings -= 1;
    this.end(sampling.activity, endedAt);
  }

  #change(kind: ActivityKind, step: 1 | -1, at: number): void {
    const before = this.phase;
    this.#open[kind] += step;
    if (this.phase !== before) this.#phaseSince = Math.max(at, this.#phaseSince);
  }

  /** Records the time from the end of a response until its tools were done. Called before the next request and at the end. */
  #endToolBlocking(at: number): void {
    const startedAt = this.#sampledAt;
    const endedAt = this.#open.tools > 0 ? at : this.#toolsEndedAt;
    this.#sampledAt = undefined;
    this.#toolsEndedAt = undefined;
    if (startedAt === undefined || endedAt === undefined || endedAt <= startedAt) return;
    this.#spanOf('tool_blocking', startedAt, endedAt);
  }

  #spanOf(phase: 'sampling' | 'tool_blocking', startedAt: number, endedAt: number): void {
    guard('record a phase of a turn', () => {
      const { tracer, clock, context, conversationId, turnId } = this.#turn;
      const { name } = phase === 'sampling' ? samplingSpan : toolBlockingSpan;
      const attributes = spanAttributes(turnPhaseAttributes, {
        'codex.turn.phase': phase,
        'conversation.id': conversationId,
        'turn.id': turnId,
      });
      const startTime = clock.timeOf(startedAt);
      tracer.startSpan(name, { attributes, startTime }, context).end(clock.timeOf(Math.max(startedAt, endedAt)));
    });
  }
}
