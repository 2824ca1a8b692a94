import type { OtelSignal } from '@codex-otel/config';
import { OTEL_LOG_ONLY_TARGET } from '@codex-otel/config';
import type { MetricsClient } from '@codex-otel/metrics';
import type { Logger, LoggerProvider, Tracer } from '@opentelemetry/api';
import { diag } from '@opentelemetry/api';
import type { DeferredTarget } from '../deferred/deferred-target.ts';
import { deferredTargetKey } from '../deferred/deferred-target.ts';
import type { HandOver } from '../handover/hand-over.ts';
import { endOpenTurns } from '../handover/open-turns.ts';
import type { OutletMetricExporter } from '../metrics/outlet-metric-exporter.ts';
import type { OtelFlushOptions, OtelProvider } from '../otel-provider.ts';
import { timerMillis } from '../outlet/clock.ts';
import type { FlushOptions, SignalStats } from '../outlet/outlet.ts';
import type { OutletTracer } from '../traces/outlet-tracer.ts';
import { monotonicMillis } from '../values/monotonic.ts';
import type { OtelShutdownError, ProviderStats, ShutdownErrorMaker } from './otel-shutdown-error.ts';
import type { SignalPipelines } from './signal-pipeline.ts';

/** The parts of a {@link RunningProvider}. */
export interface ProviderParts {
  readonly tracer: Tracer & Partial<Pick<OutletTracer, 'startSpanWithIds'>>;
  readonly loggerProvider: LoggerProvider;
  readonly metrics: { readonly client: MetricsClient; readonly exporter: OutletMetricExporter } | undefined;
  readonly pipelines: SignalPipelines;
  /** Takes out what the pipelines still hold, for a detached uploader. Does not throw. */
  beginHandOver(): HandOver;
  /** Counts lost items as a metric. */
  countLost(): void;
  /** Whether there is an uploader or a spool. */
  canHandOver(): boolean;
  /** Makes the error of an incomplete flush or shutdown. */
  readonly incomplete: ShutdownErrorMaker;
  /** Called once when the provider ends. */
  readonly onEnd: () => void;
}

const defaultTimeoutMillis = 2000;
/** Time for writing an item on a slow machine, and for starting the uploader. */
const HAND_OVER_MILLIS_PER_ITEM = 0.01;
const HAND_OVER_START_MILLIS = 40;
/** The largest part of a time-out that is reserved for the hand-over. */
const LONGEST_HAND_OVER = 0.7;
/** By the clock of `performance`, timers may fire this much early. */
const timerSlackMillis = 2;
const nothing: SignalStats = { queued: 0, exported: 0, handedOver: 0, dropped: 0, failed: 0 };

/** A provider on the pipelines of its signals. */
export class RunningProvider implements OtelProvider {
  readonly tracer: Tracer;
  readonly logger: Logger;
  readonly metrics: MetricsClient | undefined;
  readonly #parts: ProviderParts;
  /** Items that deferred sinks dropped before there was a provider. */
  readonly #missed: Record<OtelSignal, number> = { traces: 0, logs: 0, metrics: 0 };
  #ended: Promise<void> | undefined;
  #handOver: HandOver | undefined;

  constructor(parts: ProviderParts) {
    this.#parts = parts;
    this.tracer = parts.tracer;
    this.metrics = parts.metrics?.client;
    this.logger = this.loggerFor(OTEL_LOG_ONLY_TARGET);
    const deferredTarget: DeferredTarget = {
      logger: this.logger,
      tracer: this.tracer,
      metrics: this.metrics,
      startSpan: (ids, name, options, context) =>
        parts.tracer.startSpanWithIds?.(ids, name, options, context) ?? this.tracer.startSpan(name, options, context),
      countDropped: (dropped) => this.#countMissed(dropped),
    };
    Object.defineProperty(this, deferredTargetKey, { value: deferredTarget });
  }

  loggerFor(target: string): Logger {
    return this.#parts.loggerProvider.getLogger(target);
  }

  async forceFlush(options?: OtelFlushOptions): Promise<void> {
    const timeoutMillis = timeoutOf(options);
    const before = this.stats();
    const deadline = performance.now() + timeoutMillis;
    this.#collectMetrics();
    await this.#settle('forceFlush', { timeoutMillis });
    const after = this.stats();
    const timedOut = remaining(deadline) <= timerSlackMillis;
    if (lost(after) > lost(before) || (timedOut && queued(after) > 0)) throw this.#incomplete(after);
  }

  shutdown(options?: OtelFlushOptions): Promise<void> {
    this.#ended ??= this.#end(timeoutOf(options));
    return this.#ended;
  }

  shutdownOnProcessExit(): void {
    try {
      this.#handOverRest();
      if (this.#ended !== undefined) return;
      this.#ended = Promise.resolve();
      this.#parts.onEnd();
    } catch (error) {
      diag.error('codex-otel/provider: what was queued at exit could not be handed over', error);
    }
  }

  /** Whether it has ended or is ending. */
  get isEnding(): boolean {
    return this.#ended !== undefined;
  }

  stats(): ProviderStats {
    const statsOf = (signal: OtelSignal): SignalStats => {
      const stats = this.#parts.pipelines[signal]?.stats() ?? nothing;
      return { ...stats, dropped: stats.dropped + this.#missed[signal] };
    };
    return { traces: statsOf('traces'), logs: statsOf('logs'), metrics: statsOf('metrics') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.shutdown();
    } catch (error) {
      diag.warn('codex-otel/provider: telemetry was lost at shutdown', error);
    }
  }

  /** An error with the outcomes of each signal and the failure of each endpoint. */
  #incomplete(stats: ProviderStats): OtelShutdownError {
    const { traces, logs, metrics } = this.#parts.pipelines;
    const troubles = [traces, logs, metrics]
      .map((pipeline) => pipeline?.trouble())
      .filter((each) => each !== undefined);
    const parts = Object.entries(stats).map(
      ([signal, { queued, handedOver, dropped, failed }]) =>
        `${signal}: ${queued} queued, ${handedOver} handed over, ${dropped} dropped, ${failed} failed`,
    );
    const cause = troubles.length === 0 ? '' : `; ${troubles.join('; ')}`;
    return this.#parts.incomplete(`not everything was sent (${parts.join('; ')})${cause}`, stats);
  }

  #countMissed(dropped: Readonly<Record<OtelSignal, number>>): void {
    for (const signal of ['traces', 'logs', 'metrics'] as const) {
      if (this.#parts.pipelines[signal] === undefined || dropped[signal] === 0) continue;
      this.#missed[signal] += dropped[signal];
      diag.warn(`codex-otel/provider: ${signal}: ${dropped[signal]} dropped before the provider was ready`);
    }
  }

  async #end(timeoutMillis: number): Promise<void> {
    const before = this.stats();
    const deadline = monotonicMillis() + timeoutMillis;
    // What open turns record later is not sent, so their spans that have ended already would arrive without a parent.
    endOpenTurns({ status: 'aborted' }, this.tracer);
    this.#collectMetrics();
    // With an uploader the process need not wait for retries: the uploader retries for longer.
    const retry = !this.#parts.canHandOver();
    const waitMillis = timeoutMillis - Math.min(timeoutMillis * LONGEST_HAND_OVER, handOverMillis(this.stats()));
    await Promise.all([
      this.#settle('shutdown', { timeoutMillis: waitMillis, retry }),
      this.#endMetrics(timeoutMillis),
    ]);
    this.#handOver ??= this.#parts.beginHandOver();
    await this.#handOver.inPieces(deadline);
    this.#parts.onEnd();
    const after = this.stats();
    if (lost(after) > lost(before)) throw this.#incomplete(after);
  }

  #handOverRest(): void {
    this.#collectMetrics();
    // Finishes a hand-over that is under way.
    this.#handOver ??= this.#parts.beginHandOver();
    this.#handOver.now();
  }

  /** All signals at the same time, so that a slow one does not delay the others. */
  async #settle(step: 'forceFlush' | 'shutdown', options: FlushOptions): Promise<void> {
    const { traces, logs, metrics } = this.#parts.pipelines;
    await Promise.all([traces, logs, metrics].map((pipeline) => pipeline?.outlet[step](options)));
  }

  /** Puts the metrics client's values into the outlet; the items of other signals are there already. */
  #collectMetrics(): void {
    const { metrics } = this.#parts;
    this.#parts.countLost();
    const collected = metrics?.client.collectNow();
    if (collected !== undefined) metrics?.exporter.export(collected, () => {});
  }

  /** Ends the client, which holds no values any more. */
  async #endMetrics(timeoutMillis: number): Promise<void> {
    const { metrics } = this.#parts;
    if (metrics === undefined) return;
    metrics.exporter.end();
    try {
      await metrics.client.shutdown({ timeoutMillis });
    } catch (error) {
      diag.warn('codex-otel/provider: the metrics client did not end', error);
    }
  }
}

/** An unusable time-out counts as not given. */
function timeoutOf(options: OtelFlushOptions | undefined): number {
  try {
    const given: unknown = options?.timeoutMillis;
    if (typeof given === 'number' && given >= 0) return timerMillis(given);
  } catch (error) {
    diag.warn('codex-otel/provider: the options of a flush cannot be read', error);
  }
  return defaultTimeoutMillis;
}

/** Approximate time for handing over what is queued. */
function handOverMillis(stats: ProviderStats): number {
  const items = queued(stats);
  return items === 0 ? 0 : HAND_OVER_START_MILLIS + items * HAND_OVER_MILLIS_PER_ITEM;
}

function remaining(deadline: number): number {
  return Math.max(0, deadline - performance.now());
}

function queued({ traces, logs, metrics }: ProviderStats): number {
  return traces.queued + logs.queued + metrics.queued;
}

function lost({ traces, logs, metrics }: ProviderStats): number {
  return [traces, logs, metrics].reduce(
    (sum, { handedOver, dropped, failed }) => sum + handedOver + dropped + failed,
    0,
  );
}
