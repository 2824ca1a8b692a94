import type { Signal } from '../outlet/outlet-report.ts';
import type { SignalPipeline } from '../signal-pipeline.ts';
import type { SignalItems } from '../transport/open-sender.ts';

/** An outlet as a processor or exporter of the SDK steers it. */
export interface EndingSink<Item> {
  push(item: Item): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** A pipeline as such a sink: there is no later moment than its shutdown to give up what is still held. */
export function endingSink<S extends Signal>({ outlet, abandon }: SignalPipeline<S>): EndingSink<SignalItems[S]> {
  return {
    push: (item) => outlet.push(item),
    forceFlush: () => outlet.forceFlush(),
    shutdown: async () => {
      await outlet.shutdown();
      abandon();
    },
  };
}
