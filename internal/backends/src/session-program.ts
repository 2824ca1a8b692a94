// A program: runs sessions of the demo and prints their report. One signal goes to a back end; the others
// stay in the process, since the truth comes from them.
import type { DemoSignal } from '@codex-otel/example-cli';
import { runDemo } from '@codex-otel/example-cli';
import { startOtlpCollector } from '@codex-otel/otlp-collector';

/** Its argument. */
export interface SessionTask {
  readonly endpoint: string;
  /** What goes there. */
  readonly signal: DemoSignal;
  readonly otelConfig: string;
  readonly rounds: number;
  /** The collector for traces and log records refuses the first two requests with log records. */
  readonly losesLogs: boolean;
}

const { losesLogs, signal, ...task }: SessionTask = JSON.parse(process.argv[2] ?? '');
const collector = await startOtlpCollector({ grpc: false });
if (losesLogs) await collector.behave({ kind: 'status', code: 401, signal: 'logs', times: 2 });
const report = await runDemo({ ...task, collector, signals: [signal] });
await collector.close();
process.stdout.write(JSON.stringify(report));
