// An agent for the experiments here: a process of its own on the built packages. It records telemetry as its
// argument says, and prints a report on standard output.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { OtelProvider, ProviderStats } from '@codex-otel/provider';
import { createOtelProvider, isOtelShutdownError } from '@codex-otel/provider';
import type { AgentProtocol } from './agent-settings.ts';
import { agentSettings } from './agent-settings.ts';

/** The task of the agent. */
export interface AgentTask {
  readonly protocol: AgentProtocol;
  /** Base address of the collector. */
  readonly url: string;
  readonly caFile?: string | undefined;
  readonly ending: /** `run`: records for a while, flushes, and exits without a shutdown. */
    | { readonly kind: 'run'; readonly runMillis: number; readonly flushMillis: number }
    | { readonly kind: 'shutdown'; readonly timeoutMillis: number }
    | { readonly kind: 'exit' };
  readonly itemsPerSignal: number;
  /** The uploader waits until this file exists. */
  readonly gate: string;
  /** For one attempt to export. */
  readonly attemptMillis: number;
}

/** The report of the agent. */
export interface AgentReport {
  /** How long the last call, `forceFlush`, `shutdown` or `shutdownOnProcessExit`, held the agent. */
  readonly heldMillis: number;
  readonly stats: ProviderStats;
  readonly errorCode?: string;
  /** The longest time for which the event loop was blocked. */
  readonly longestDelayMillis: number;
  readonly heapMiB: number;
}

const task: AgentTask = JSON.parse(process.argv[2] ?? '');
const gatedUploader = fileURLToPath(new URL('./gated-uploader.ts', import.meta.url));
const provider = await createOtelProvider(agentSettings(task), {
  env: { ...process.env, OTEL_EXPORTER_OTLP_TIMEOUT: String(task.attemptMillis) },
  handoverOnExit: task.ending.kind !== 'run',
  uploaderCommand: [process.execPath, '--experimental-strip-types', '--no-warnings', gatedUploader, task.gate],
});
if (provider === undefined) throw new Error('no exporter is set');
const delay = monitorEventLoopDelay({ resolution: 5 });

switch (task.ending.kind) {
  case 'run': {
    const { runMillis, flushMillis } = task.ending;
    delay.enable();
    const steps = 20;
    for (let step = 0; step < steps; step += 1) {
      record(provider, task.itemsPerSignal / steps);
      await new Promise((resolve) => setTimeout(resolve, runMillis / steps));
    }
    delay.disable();
    await report(provider, () => provider.forceFlush({ timeoutMillis: flushMillis }));
    process.exit(0);
    break;
  }
  case 'shutdown': {
    const { timeoutMillis } = task.ending;
    record(provider, task.itemsPerSignal);
    await report(provider, () => provider.shutdown({ timeoutMillis }));
    break;
  }
  case 'exit':
    record(provider, task.itemsPerSignal);
    await report(provider, () => provider.shutdownOnProcessExit());
    process.exit(0);
}

function record({ tracer, logger, metrics }: OtelProvider, count: number): void {
  for (let index = 0; index < count; index += 1) {
    tracer.startSpan('session_task.turn', { attributes: { 'turn.id': String(index) } }).end();
    logger.emit({ eventName: 'codex.sse_event', attributes: { 'event.name': 'codex.sse_event', index } });
  }
  metrics?.counter('codex.sse_event', count, { kind: 'response.created', success: 'true' });
}

async function report({ stats }: OtelProvider, last: () => Promise<void> | void): Promise<void> {
  const before = performance.now();
  let errorCode: string | undefined;
  try {
    await last();
  } catch (error) {
    errorCode = isOtelShutdownError(error) ? error.code : String(error);
  }
  const done: AgentReport = {
    heldMillis: performance.now() - before,
    stats: stats.call(provider),
    ...(errorCode !== undefined && { errorCode }),
    longestDelayMillis: delay.max / 1e6,
    heapMiB: process.memoryUsage().heapUsed / 2 ** 20,
  };
  process.stdout.write(JSON.stringify(done));
}
