import { diag } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { MeterProvider, MetricProducer, PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { withinTime } from './time-limit.ts';

type ExportDone = Parameters<PushMetricExporter['export']>[1];

/** The SDK's own limit for one export. */
const longestExportMillis = 30_000;

/** What {@link PeriodicExport} puts together. */
export interface PeriodicExportParts {
  readonly producer: MetricProducer;
  /** Whether there has never been anything to export. */
  readonly isEmpty: () => boolean;
  readonly exporter: PushMetricExporter;
  readonly resource: Resource;
  readonly intervalMillis: number;
}

/**
 * The SDK's periodic reader over a producer, loaded and started when the first interval is over or somebody
 * flushes: a program that starts pays for a timer, one that records nothing never loads the SDK.
 */
export class PeriodicExport {
  readonly #parts: PeriodicExportParts;
  readonly #exporter: ObservedExporter;
  readonly #firstTick: NodeJS.Timeout;
  #provider: Promise<MeterProvider> | undefined;

  constructor(parts: PeriodicExportParts) {
    this.#parts = parts;
    this.#exporter = new ObservedExporter(parts.exporter);
    this.#firstTick = setTimeout(() => this.#tick(), parts.intervalMillis);
    this.#firstTick.unref();
  }

  async forceFlush(): Promise<void> {
    if (this.#provider === undefined && this.#parts.isEmpty()) return this.#parts.exporter.forceFlush();
    await (await this.#started()).forceFlush();
    this.#exporter.throwFailure();
  }

  /** @throws when the exporter fails, or has not answered within the time; then nobody waits for it any more. */
  async shutdown(timeoutMillis: number): Promise<void> {
    clearTimeout(this.#firstTick);
    try {
      await withinTime(timeoutMillis, this.#end());
    } finally {
      this.#exporter.abandon();
    }
  }

  async #end(): Promise<void> {
    if (this.#provider === undefined) await this.#exportDirectly();
    else await (await this.#provider).shutdown();
    this.#exporter.throwFailure();
  }

  /** The one export of a short program: the reader would be loaded only to make it and to end. */
  async #exportDirectly(): Promise<void> {
    const { producer, resource } = this.#parts;
    const { resourceMetrics } = await producer.collect();
    const { scopeMetrics } = resourceMetrics;
    if (scopeMetrics.length > 0) {
      await new Promise<void>((resolve) => {
        this.#exporter.export({ resource, scopeMetrics }, () => resolve());
      });
    }
    await this.#exporter.forceFlush();
    await this.#exporter.shutdown();
  }

  #started(): Promise<MeterProvider> {
    clearTimeout(this.#firstTick);
    this.#provider ??= startReader(this.#parts, this.#exporter);
    return this.#provider;
  }

  async #tick(): Promise<void> {
    try {
      const provider = await this.#started();
      await provider.forceFlush();
    } catch (error) {
      diag.error('codex-otel: metrics export could not start', error);
    }
  }
}

async function startReader(parts: PeriodicExportParts, exporter: PushMetricExporter): Promise<MeterProvider> {
  const { MeterProvider, PeriodicExportingMetricReader } = await import('@opentelemetry/sdk-metrics');
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: parts.intervalMillis,
    exportTimeoutMillis: Math.min(longestExportMillis, parts.intervalMillis),
    metricProducers: [parts.producer],
  });
  return new MeterProvider({ resource: parts.resource, readers: [reader] });
}

/** Remembers a failed export: the SDK's reader reports it to its error handler and resolves all the same. */
class ObservedExporter implements PushMetricExporter {
  readonly #exporter: PushMetricExporter;
  readonly #pending = new Set<() => void>();
  #failure: { readonly error: unknown } | undefined;

  constructor(exporter: PushMetricExporter) {
    this.#exporter = exporter;
  }

  export(metrics: ResourceMetrics, resultCallback: ExportDone): void {
    const settle: ExportDone = (result) => {
      if (!this.#pending.delete(abandon)) return;
      this.#failure = result.code === 0 ? undefined : { error: result.error };
      resultCallback(result);
    };
    const abandon = () => settle({ code: 1, error: new Error('abandoned') });
    this.#pending.add(abandon);
    try {
      this.#exporter.export(metrics, settle);
    } catch (error) {
      settle({ code: 1, error: error instanceof Error ? error : new Error(String(error)) });
    }
  }

  forceFlush(): Promise<void> {
    return this.#exporter.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  /** Throws what the last export failed with, once. */
  throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw new Error('export failed', { cause: failure.error });
    if (this.#pending.size > 0) throw new Error('export not answered in time');
  }

  /** Answers in place of the exporter: the reader's own time-out would keep the process from ending. */
  abandon(): void {
    for (const settle of this.#pending) settle();
  }
}
