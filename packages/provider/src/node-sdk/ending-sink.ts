import type { OtelSignal } from '@codex-otel/config';
import { errorName } from '@codex-otel/config';
import type { SignalItems } from '@codex-otel/metrics/otlp';
import { diag } from '@opentelemetry/api';
import type { SignalPipeline } from '../pipeline/signal-pipeline.ts';

/** An outlet as a processor or exporter of the SDK uses it. */
export interface EndingSink<Item> {
  push(item: Item): void;
  /** Counts an item that could not be read as dropped. */
  lose(error: unknown): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** A pipeline as such a sink. What is still queued after its shutdown is dropped, since no later call will come. */
export function endingSink<S extends OtelSignal>({
  signal,
  outlet,
  abandon,
}: SignalPipeline<S>): EndingSink<SignalItems[S]> {
  return {
    push: (item) => outlet.push(item),
    lose: (error) => outlet.lose(`an item could not be read (${errorName(error)})`),
    forceFlush: () => outlet.forceFlush(),
    shutdown: async () => {
      await outlet.shutdown();
      const lost = abandon();
      if (lost > 0)
        diag.error(`codex-otel/provider: ${signal}: ${lost} dropped at the shutdown: they could not be sent in time`);
    },
  };
}
