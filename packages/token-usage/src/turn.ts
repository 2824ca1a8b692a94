import type { Attributes, Context, Link, Span, SpanOptions, TimeInput, Tracer } from '@opentelemetry/api';
import { context, INVALID_SPAN_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { reportFailure } from './diagnostics.ts';
import { errorType } from './error-type.ts';
import { property } from './property.ts';
import { tracedReasoningEffort } from './reasoning-effort.ts';
import type { SessionTask } from './session-task.ts';
import { regularTask } from './session-task.ts';
import { failureAttributes, spanAttributes } from './span-definition.ts';
import type { TokenUsage } from './token-usage.ts';
import { addTokenUsage, checkedTokenUsage, NO_TOKEN_USAGE, subtractTokenUsage } from './token-usage.ts';
import { turnAttributes } from './turn-span.ts';
import { recordTurnTokenUsage } from './usage-attributes.ts';

/** Options for {@link startTurn}. */
export interface StartTurnOptions {
  /** Creates the turn's span. @defaultValue the global tracer named after the service */
  readonly tracer?: Tracer | undefined;
  /**
   * Name of the global tracer if `tracer` is not given; readers compare it. @defaultValue `codex_cli_rs`, which all of
   * them know
   */
  readonly serviceName?: string | undefined;
  /** What the turn is for. @defaultValue {@link regularTask} */
  readonly task?: SessionTask | undefined;
  /** The conversation. Readers recognize it only if it contains a `-`, as a UUID does. */
  readonly threadId: string;
  /** The id of the turn. */
  readonly turnId: string;
  /** The name of the model. */
  readonly model: string;
  /** The requested reasoning effort. @defaultValue `default` */
  readonly reasoningEffort?: string | undefined;
  /** The parent of the turn's span. @defaultValue the active context */
  readonly parent?: Context | undefined;
  /** The session's total when the turn starts. @defaultValue no tokens */
  readonly sessionUsage?: TokenUsage | undefined;
  /** Replaces the name that the task gives the span. @defaultValue that of the task */
  readonly spanName?: string | undefined;
  /** Whether the span carries the usage of the turn. @defaultValue as the task says */
  readonly recordsUsage?: boolean | undefined;
  /** Further attributes of the span; they cannot replace the turn's own. @defaultValue none */
  readonly attributes?: Attributes | undefined;
  /** Links of the span. @defaultValue none */
  readonly links?: readonly Link[] | undefined;
  /** When the turn started. @defaultValue now */
  readonly startTime?: TimeInput | undefined;
}

/** How a turn ended. */
export type TurnStatus = 'completed' | 'aborted' | 'failed';

const STATUSES: readonly TurnStatus[] = ['completed', 'aborted', 'failed'];

/** Options for {@link Turn.end}. */
export interface TurnOutcome {
  /** How the turn ended. @defaultValue `failed` with an error, else `completed` */
  readonly status?: TurnStatus | undefined;
  /** Why it failed. Its code or name becomes `error.type`; its message is not recorded. */
  readonly error?: unknown;
  /** When it ended. @defaultValue now */
  readonly endTime?: TimeInput | undefined;
}

/** The key that `using` calls, if the program's `lib` has it: types for older engines do not. */
type DisposeKey = typeof Symbol extends { readonly dispose: infer Key extends symbol } ? Key : never;

/** Called by `using`: ends the turn as aborted, unless it has ended. */
export type DisposableTurn = { readonly [Key in DisposeKey]: () => void };

/** A running turn. None of its members throws, except what `fn` throws in {@link Turn.run}. */
export interface Turn extends DisposableTurn {
  /** The turn's span. */
  readonly span: Span;
  /** The context with this turn's span: the parent for work of the turn, wherever it runs. */
  readonly context: Context;
  /** The current task of the turn. */
  readonly task: SessionTask;
  /** Usage of this turn so far. */
  readonly usage: TokenUsage;
  /** The session's total so far: the start value of the next turn. */
  readonly sessionUsage: TokenUsage;
  /**
   * Runs `fn` with the turn's span active, across awaits. Without a context manager nothing is activated; then pass
   * {@link Turn.context}.
   */
  run<T>(fn: () => T): T;
  /**
   * Adds a response's usage to the running total. Unknown or malformed usage adds nothing, nor does usage after the
   * end.
   */
  addResponse(usage: TokenUsage | undefined): void;
  /** Continues as another task on the same span, which keeps its name: for a compaction that finds input waiting. */
  become(task: SessionTask): void;
  /**
   * Ends the span, once; later calls change nothing. The span gets its usage if the task opted in and any is known, however
   * the turn ended: an aborted turn costs tokens too.
   *
   * @returns the usage of the turn.
   */
  end(outcome?: TurnOutcome): TokenUsage;
}

/**
 * Starts a turn: a span with `thread.id`, `turn.id`, `model` and `codex.turn.reasoning_effort`, which gets
 * `codex.turn.outcome` and the turn's token usage when it ends. A failed turn has the status ERROR and `error.type`,
 * never a message. Never throws.
 */
export function startTurn(options: StartTurnOptions): Turn {
  const given = plain(options);
  const parent = isContext(given.parent) ? given.parent : context.active();
  let task = isTask(given.task) ? given.task : regularTask;
  const span = startTurnSpan(given, task, parent);
  const turnContext = trace.setSpan(parent, span);
  const start = checkedTokenUsage(given.sessionUsage) ?? NO_TOKEN_USAGE;
  let total = start;
  let used = NO_TOKEN_USAGE;
  let usageKnown = false;
  let ended = false;

  const turn: Turn = {
    span,
    context: turnContext,
    get task() {
      return task;
    },
    get usage() {
      const { reported, ...usage } = subtractTokenUsage(total, start);
      // A part that was not reported before this turn may be reported by all its responses.
      return used.reported === undefined ? usage : { ...usage, reported: used.reported };
    },
    get sessionUsage() {
      return total;
    },
    run: (fn) => context.with(turnContext, fn),
    addResponse(usage) {
      const checked = ended || usage === undefined ? undefined : checkedTokenUsage(usage);
      if (checked === undefined) return;
      usageKnown = true;
      total = addTokenUsage(total, checked);
      used = addTokenUsage(used, checked);
    },
    become(next) {
      if (!ended && isTask(next)) task = next;
    },
    end(outcome) {
      if (ended) return turn.usage;
      ended = true;
      const told = plain(outcome);
      try {
        recordOutcome(span, told);
        if (usageKnown && (given.recordsUsage ?? task.recordsTurnTokenUsageOnSpan()))
          recordTurnTokenUsage(span, turn.usage);
      } catch (error) {
        reportFailure('record how a turn ended', error);
      }
      endSpan(span, told.endTime);
      return turn.usage;
    },
    [Symbol.dispose]() {
      turn.end({ status: 'aborted' });
    },
  };
  return turn;
}

/** The host's tracer may throw, for instance in a sampler or span processor. */
function startTurnSpan(options: Partial<StartTurnOptions>, task: SessionTask, parent: Context): Span {
  const own = spanAttributes(turnAttributes, {
    'thread.id': options.threadId,
    'turn.id': options.turnId,
    model: options.model,
    'codex.turn.reasoning_effort': tracedReasoningEffort({ effort: options.reasoningEffort }),
  });
  try {
    const tracer = options.tracer ?? trace.getTracer(options.serviceName ?? 'codex_cli_rs');
    // Assigned twice: the first time for the order, the second so that nothing replaces the turn's own.
    const attributes = Object.assign({}, own, options.attributes, own);
    const spanOptions: SpanOptions = { attributes, links: Array.isArray(options.links) ? [...options.links] : [] };
    if (options.startTime !== undefined) spanOptions.startTime = options.startTime;
    return tracer.startSpan(options.spanName ?? task.spanName, spanOptions, parent);
  } catch (error) {
    reportFailure('start the span of a turn', error);
    return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
  }
}

function recordOutcome(span: Span, outcome: TurnOutcome): void {
  const { error } = outcome;
  // Callbacks pass `null` when nothing went wrong.
  const implied = error === undefined || error === null ? 'completed' : 'failed';
  const status = STATUSES.find((each) => each === outcome.status) ?? implied;
  span.setAttributes(spanAttributes(turnAttributes, { 'codex.turn.outcome': status }));
  if (status !== 'failed') return;
  span.setAttributes(spanAttributes(failureAttributes, { 'error.type': errorType(error) }));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function endSpan(span: Span, endTime: TimeInput | undefined): void {
  try {
    span.end(endTime);
  } catch (error) {
    reportFailure('end the span of a turn', error);
  }
}

/** A copy of the caller's options: reading them may throw, so they are read only here. */
function plain<T extends object>(options: T | undefined): Partial<T> {
  try {
    return { ...options };
  } catch (error) {
    reportFailure('read the options of a turn', error);
    return {};
  }
}

function isContext(value: unknown): value is Context {
  return typeof property(value, 'setValue') === 'function' && typeof property(value, 'getValue') === 'function';
}

function isTask(value: unknown): value is SessionTask {
  return (
    typeof property(value, 'recordsTurnTokenUsageOnSpan') === 'function' &&
    typeof property(value, 'spanName') === 'string'
  );
}
