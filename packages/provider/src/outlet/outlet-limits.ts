import type { OtelBatchSettings, OtelSignal } from '@codex-otel/config';
import type { OutletLimits } from './outlet.ts';

const QUEUE_ITEMS = 65_536;
const QUEUE_BYTES = 64 * 1024 * 1024;
const BATCH_ITEMS = 512;
/** Half of the default limit of gRPC servers, since sizes are estimates. */
const BATCH_BYTES = 2 * 1024 * 1024;
/** Enough to send 20,000 items over a latency of 200 ms within half of a shutdown's default time-out. */
const CONCURRENT_EXPORTS = 8;
/** The specification's defaults. Metrics are batches already, so they do not wait. */
const SCHEDULED_DELAY_MILLIS = { traces: 5000, logs: 1000, metrics: 0 };

/**
 * The limits of one signal's outlet: those of the settings, else defaults that allow a burst of 20,000 items.
 *
 * @param connectionTimeoutMillis - how long one attempt may take; the settings can only shorten it
 */
export function outletLimits(
  signal: OtelSignal,
  connectionTimeoutMillis: number,
  settings: OtelBatchSettings = {},
): OutletLimits {
  const maxQueueItems = settings.maxQueueSize ?? QUEUE_ITEMS;
  const maxBatchItems = signal === 'metrics' ? 1 : (settings.maxExportBatchSize ?? BATCH_ITEMS);
  return {
    maxQueueItems,
    maxQueueBytes: QUEUE_BYTES,
    maxBatchItems: Math.min(maxBatchItems, maxQueueItems),
    maxBatchBytes: BATCH_BYTES,
    scheduledDelayMillis: settings.scheduledDelayMillis ?? SCHEDULED_DELAY_MILLIS[signal],
    exportTimeoutMillis: Math.min(settings.exportTimeoutMillis ?? connectionTimeoutMillis, connectionTimeoutMillis),
    maxConcurrentExports: CONCURRENT_EXPORTS,
  };
}
