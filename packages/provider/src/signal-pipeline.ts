import type { OtelBatchSettings, OtlpConnection } from '@codex-otel/config';
import type { SignalOutlet } from './otel-provider.ts';
import { createOutlet } from './outlet/batching-outlet.ts';
import { diagReporter } from './outlet/diag-reporter.ts';
import type { Outlet, OutletLimits } from './outlet/outlet.ts';
import { outletLimits } from './outlet/outlet-limits.ts';
import type { Signal } from './outlet/outlet-report.ts';
import type { SignalItems } from './transport/open-sender.ts';

/** Where one signal goes: a checked connection, or this process's standard output. */
export type Destination =
  | { readonly kind: 'none' }
  | { readonly kind: 'console' }
  | { readonly kind: 'otlp'; readonly connection: OtlpConnection };

/** Options for {@link openPipeline}. */
export interface PipelineOptions<S extends Signal> {
  readonly signal: S;
  readonly destination: Destination;
  readonly batch: OtelBatchSettings | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  sizeOf(item: SignalItems[S]): number;
  readonly countOf?: ((item: SignalItems[S]) => number) | undefined;
}

const consoleTimeoutMillis = 10_000;

/** The outlet of one signal; nothing is loaded or connected before its first export. */
export function openPipeline<S extends Signal>(options: PipelineOptions<S>): Outlet<SignalItems[S]> | undefined {
  const { signal, destination, env } = options;
  if (destination.kind === 'none') return undefined;
  const timeoutMillis = destination.kind === 'otlp' ? destination.connection.timeoutMillis : consoleTimeoutMillis;
  return createOutlet<SignalItems[S]>({
    signal,
    openSender: async () => {
      if (destination.kind === 'console') return (await import('./console-sender.ts')).consoleSender(signal);
      const { openSender } = await import('./transport/otlp-sender.ts');
      return openSender(signal, destination.connection, { env });
    },
    sizeOf: options.sizeOf,
    countOf: options.countOf,
    limits: limitsOf(signal, timeoutMillis, options),
    onReport: diagReporter(destination.kind === 'otlp' ? endpointName(destination.connection.url) : 'the console'),
  });
}

/** What the provider steers of an outlet, whatever its items are. */
export function signalOutlet<Item>(outlet: Outlet<Item> | undefined): SignalOutlet | undefined {
  return (
    outlet && {
      forceFlush: (options) => outlet.forceFlush(options),
      shutdown: (options) => outlet.shutdown(options),
      abandon: () => outlet.recordLost(outlet.drain()),
      stats: () => outlet.stats(),
    }
  );
}

/** An endpoint as it may be shown: without user, password and query, where keys may stand. */
export function endpointName(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** The settings win over what the environment says; they were made from a file and it together. */
function limitsOf(
  signal: Signal,
  timeoutMillis: number,
  { batch = {}, env }: Pick<PipelineOptions<Signal>, 'batch' | 'env'>,
): OutletLimits {
  const limits = outletLimits(signal, timeoutMillis, env);
  const maxQueueItems = batch.maxQueueSize ?? limits.maxQueueItems;
  return {
    ...limits,
    maxQueueItems,
    maxBatchItems: Math.min(batch.maxExportBatchSize ?? limits.maxBatchItems, maxQueueItems),
    scheduledDelayMillis: batch.scheduledDelayMillis ?? limits.scheduledDelayMillis,
    exportTimeoutMillis: Math.min(batch.exportTimeoutMillis ?? limits.exportTimeoutMillis, limits.exportTimeoutMillis),
  };
}
