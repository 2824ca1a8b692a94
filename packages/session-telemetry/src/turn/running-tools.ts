import { spanAttributes } from '@codex-otel/token-usage';
import type { Span } from '@opentelemetry/api';
import type { Activity } from './critical-path.ts';
import { guard } from './guard.ts';
import type { OpenTool, ProcessEnding } from './open-turns.ts';
import { setFailed } from './response-span.ts';
import { abortedToolAttributes } from './span-definitions.ts';
import type { TurnClock } from './turn-clock.ts';
import type { TurnTimeline } from './turn-timeline.ts';

/** A running tool call. */
export interface RunningTool {
  readonly toolName: string;
  readonly callId: string;
  readonly span: Span | undefined;
  readonly activity: Activity;
}

/** The running tool calls of a turn. They may outlast it. */
export class RunningTools {
  readonly #clock: TurnClock;
  readonly #timeline: TurnTimeline;
  readonly #onLast: () => void;
  readonly #running = new Set<RunningTool>();

  /** @param onLast - Called when the last one has ended. */
  constructor(clock: TurnClock, timeline: TurnTimeline, onLast: () => void) {
    this.#clock = clock;
    this.#timeline = timeline;
    this.#onLast = onLast;
  }

  get count(): number {
    return this.#running.size;
  }

  start(toolName: string, callId: string, span: Span | undefined): RunningTool {
    const activity = this.#timeline.toolStarted(this.#clock.now());
    const tool = { toolName, callId, span, activity };
    this.#running.add(tool);
    return tool;
  }

  /** Ends the call and its span. */
  end(tool: RunningTool): void {
    if (!this.#running.delete(tool)) return;
    const endedAt = this.#clock.now();
    this.#timeline.toolEnded(tool.activity, endedAt);
    guard('end the span of a tool', () => tool.span?.end(this.#clock.timeOf(endedAt)));
    if (this.#running.size === 0) this.#onLast();
  }

  /** The process ends: ends all calls. */
  endAll(ending: ProcessEnding): void {
    // The latest first, since it may be a child of another.
    for (const tool of [...this.#running].reverse()) {
      guard('mark a tool that was cut off', () => {
        tool.span?.setAttributes(spanAttributes(abortedToolAttributes, { aborted: true }));
        if (tool.span !== undefined && ending.status === 'failed') setFailed(tool.span, ending.error);
      });
      this.end(tool);
    }
  }

  list(): readonly OpenTool[] {
    return Array.from(this.#running, ({ toolName, callId, activity }) => ({
      toolName,
      callId,
      sinceUnixMillis: this.#clock.timeOf(activity.startedAt),
    }));
  }
}
