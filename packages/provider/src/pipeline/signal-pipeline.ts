import type { OtelBatchSettings, OtelSettings, OtelSignal } from '@codex-otel/config';
import type { Destination } from '@codex-otel/metrics';
import type { SignalItems } from '@codex-otel/metrics/otlp';
import type { AnyHandOverSource, HandOverSource } from '../handover/hand-over.ts';
import { createOutlet } from '../outlet/batching-outlet.ts';
import { diagReporter } from '../outlet/diag-reporter.ts';
import type { Outlet, SignalStats } from '../outlet/outlet.ts';
import { outletLimits } from '../outlet/outlet-limits.ts';
import type { OutletReport } from '../outlet/outlet-report.ts';
import type { Spool } from '../spool/spool.ts';
import { itemMeasures } from '../values/item-size.ts';
import type { Destinations } from './destinations.ts';

/** One signal with its outlet and destination. */
export interface SignalPipeline<S extends OtelSignal> {
  readonly signal: S;
  readonly outlet: Outlet<SignalItems[S]>;
  readonly destination: Destination<S>;
  /** Outcomes, including losses in the spool. */
  stats(): SignalStats;
  /** The endpoint and its last failure; `undefined` if items have been delivered since. */
  trouble(): string | undefined;
  /** Drops what is still queued, and gives its number. */
  abandon(): number;
}

/** The pipelines of signals whose exporter is not `none`. */
export type SignalPipelines = { readonly [S in OtelSignal]?: SignalPipeline<S> };

/** Options shared by the pipelines of a provider. */
export interface PipelineSurroundings {
  readonly spool?: Spool | undefined;
  /**
   * Called when items were lost. While a queue is full it is not called for each item, but once, when exports succeed
   * again.
   */
  readonly onLoss?: (() => void) | undefined;
  /** Called when exports succeed again after an outage in which items were dropped. */
  readonly onDropsOver?: ((signal: OtelSignal, items: number) => void) | undefined;
}

/** Reports about lost items. */
const lossKinds: ReadonlySet<OutletReport['kind']> = new Set(['rejected', 'unencoded', 'failed', 'recovered']);

/** Opens the pipeline of every signal that has a destination. Nothing connects before the first export. */
export function openPipelines(
  settings: Pick<OtelSettings, 'traceBatch' | 'logBatch' | 'metricExportTimeoutMillis'>,
  destinations: Destinations,
  around: PipelineSurroundings = {},
): SignalPipelines {
  const traces = openPipeline('traces', destinations.traces, settings.traceBatch, around);
  const logs = openPipeline('logs', destinations.logs, settings.logBatch, around);
  const metricBatch = { exportTimeoutMillis: settings.metricExportTimeoutMillis };
  const metrics = openPipeline('metrics', destinations.metrics, metricBatch, around);
  return { ...(traces && { traces }), ...(logs && { logs }), ...(metrics && { metrics }) };
}

/** The pipelines as sources of a hand-over. Items for destinations that only this process can reach are dropped. */
export function handOverSources(pipelines: SignalPipelines): readonly AnyHandOverSource[] {
  const { traces, logs, metrics } = pipelines;
  return [handOverSource(traces), handOverSource(logs), handOverSource(metrics)].filter(
    (source) => source !== undefined,
  );
}

function handOverSource<S extends OtelSignal>(pipeline: SignalPipeline<S> | undefined): HandOverSource<S> | undefined {
  if (pipeline === undefined) return undefined;
  const { signal, destination, outlet } = pipeline;
  if (destination.remote === undefined) {
    pipeline.abandon();
    return undefined;
  }
  return {
    signal,
    ...destination.remote,
    drain: () => outlet.drain(),
    recordLost: (items) => outlet.recordLost(items),
  };
}

function openPipeline<S extends OtelSignal>(
  signal: S,
  destination: Destination<S> | undefined,
  batch: OtelBatchSettings | undefined,
  { spool, onLoss, onDropsOver }: PipelineSurroundings,
): SignalPipeline<S> | undefined {
  if (destination === undefined) return undefined;
  const { name, timeoutMillis, openSender, remote } = destination;
  const spooled = remote === undefined ? undefined : spool;
  if (remote !== undefined) spooled?.connect({ signal, connection: remote.connection, openSender });
  const report = diagReporter(name);
  let trouble: string | undefined;
  const outlet = createOutlet<SignalItems[S]>({
    signal,
    openSender,
    ...itemMeasures[signal],
    limits: outletLimits(signal, timeoutMillis, batch),
    ...(spooled && { spill: (held) => spooled.keep(signal, held) }),
    onReport: (news) => {
      report(news);
      if (news.kind === 'exported') trouble = undefined;
      else if (news.kind === 'retrying' || news.kind === 'failed') trouble = news.reason;
      if (lossKinds.has(news.kind)) onLoss?.();
      if (news.kind !== 'recovered') return;
      spool?.collectorAnswers();
      if (news.items > 0) onDropsOver?.(signal, news.items);
    },
  });
  return {
    signal,
    outlet,
    destination,
    trouble: () => {
      const { handedOver, queued, dropped, failed } = outlet.stats();
      const reason = trouble ?? (queued + handedOver + dropped > 0 ? 'no answer in time' : undefined);
      return queued + handedOver + dropped + failed > 0 && reason !== undefined ? `${name}: ${reason}` : undefined;
    },
    stats: () => {
      const stats = outlet.stats();
      const { dropped, failed } = spool?.losses(signal) ?? { dropped: 0, failed: 0 };
      return { ...stats, dropped: stats.dropped + dropped, failed: stats.failed + failed };
    },
    abandon: () => outlet.recordLost(outlet.drain().flatMap(({ items }) => items)),
  };
}
