import type { OtelBatchSettings, OtelSettings, OtelSignal } from '@codex-otel/config';
import type { AnyHandOverSource, HandOverSource } from '../handover/hand-over.ts';
import { createOutlet } from '../outlet/batching-outlet.ts';
import { diagReporter } from '../outlet/diag-reporter.ts';
import type { Outlet, SignalStats } from '../outlet/outlet.ts';
import { outletLimits } from '../outlet/outlet-limits.ts';
import type { Spool } from '../spool/spool.ts';
import type { HeaderSource } from '../transport/header-source.ts';
import type { SignalItems } from '../transport/open-sender.ts';
import type { Sender } from '../transport/sender.ts';
import { itemMeasures } from '../values/item-size.ts';
import type { Destination } from './destinations.ts';

/** The way of one signal out of the process. */
export interface SignalPipeline<S extends OtelSignal> {
  readonly signal: S;
  readonly outlet: Outlet<SignalItems[S]>;
  readonly destination: Exclude<Destination, { readonly kind: 'none' }>;
  /** The headers of the last export, or those that never change; for when nothing can be awaited any more. */
  lastHeaders(): Readonly<Record<string, string>> | undefined;
  /** The outlet's, and what its batches met with in the spool. */
  stats(): SignalStats;
  /** Gives up what is still held; it counts as dropped, and what it counts as is given back. */
  abandon(): number;
}

/** The pipelines of the signals whose exporter is not none. */
export type SignalPipelines = { readonly [S in OtelSignal]?: SignalPipeline<S> };

/** What the pipelines of a provider share. */
export interface PipelineSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly spool?: Spool | undefined;
  /** Exports pass again after an outage in which items were dropped. */
  readonly onDropsOver?: ((signal: OtelSignal, items: number) => void) | undefined;
}

const consoleTimeoutMillis = 10_000;

/** Opens the way out of every signal that has a destination. Nothing connects before its first export. */
export function openPipelines(
  settings: Pick<OtelSettings, 'traceBatch' | 'logBatch' | 'metricExportTimeoutMillis'>,
  destinations: Readonly<Record<OtelSignal, Destination>>,
  around: PipelineSurroundings,
): SignalPipelines {
  const traces = openPipeline('traces', destinations.traces, settings.traceBatch, around);
  const logs = openPipeline('logs', destinations.logs, settings.logBatch, around);
  const metricBatch = { exportTimeoutMillis: settings.metricExportTimeoutMillis };
  const metrics = openPipeline('metrics', destinations.metrics, metricBatch, around);
  return { ...(traces && { traces }), ...(logs && { logs }), ...(metrics && { metrics }) };
}

/** What the pipelines hold, for a hand-over. A console is written to by this process or not at all. */
export function handOverSources(pipelines: SignalPipelines): readonly AnyHandOverSource[] {
  const { traces, logs, metrics } = pipelines;
  return [handOverSource(traces), handOverSource(logs), handOverSource(metrics)].filter(
    (source) => source !== undefined,
  );
}

function handOverSource<S extends OtelSignal>(pipeline: SignalPipeline<S> | undefined): HandOverSource<S> | undefined {
  if (pipeline === undefined) return undefined;
  const { signal, destination, outlet, lastHeaders } = pipeline;
  if (destination.kind === 'console') {
    pipeline.abandon();
    return undefined;
  }
  return {
    signal,
    connection: destination.connection,
    lastHeaders,
    drain: () => outlet.drain(),
    recordLost: (items) => outlet.recordLost(items),
  };
}

/** An endpoint as it may be shown: without user, password and query, where keys may stand. */
export function endpointName(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function openPipeline<S extends OtelSignal>(
  signal: S,
  destination: Destination,
  batch: OtelBatchSettings | undefined,
  { env, spool, onDropsOver }: PipelineSurroundings,
): SignalPipeline<S> | undefined {
  if (destination.kind === 'none') return undefined;
  const isConsole = destination.kind === 'console';
  let headers: HeaderSource | undefined;

  const openSender = async (): Promise<Sender<SignalItems[S]>> => {
    if (isConsole) return (await import('./console-sender.ts')).consoleSender(signal);
    const { headerSource, openSender: open } = await import('../transport/otlp-sender.ts');
    headers ??= headerSource(destination.connection);
    return open(signal, destination.connection, { env, headers });
  };

  if (!isConsole) spool?.connect({ signal, connection: destination.connection, openSender });
  const report = diagReporter(isConsole ? 'the console' : endpointName(destination.connection.url));
  const outlet = createOutlet<SignalItems[S]>({
    signal,
    openSender,
    ...itemMeasures[signal],
    limits: outletLimits(signal, isConsole ? consoleTimeoutMillis : destination.connection.timeoutMillis, batch),
    ...(spool && !isConsole && { spill: (held) => spool.keep(signal, held) }),
    onReport: (news) => {
      report(news);
      if (news.kind !== 'recovered') return;
      spool?.collectorAnswers();
      if (news.items > 0) onDropsOver?.(signal, news.items);
    },
  });
  const lastHeaders = () => headers?.last() ?? (isConsole ? undefined : destination.fixedHeaders);
  return {
    signal,
    outlet,
    destination,
    lastHeaders,
    stats: () => {
      const stats = outlet.stats();
      const { dropped, failed } = spool?.losses(signal) ?? { dropped: 0, failed: 0 };
      return { ...stats, dropped: stats.dropped + dropped, failed: stats.failed + failed };
    },
    abandon: () => outlet.recordLost(outlet.drain().flatMap(({ items }) => items)),
  };
}
