// An agent whose collector refuses single batches, or whose queues are full. It prints a report.
import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { OtelExporter } from '@codex-otel/config';
import type { OtelProvider } from '@codex-otel/provider';
import { createOtelProvider } from '@codex-otel/provider';

/** The task of the agent. */
export type DeliveryTask = { readonly url: string } & (
  | { readonly kind: 'large among small'; readonly largeBytes: number; readonly small: number }
  | { readonly kind: 'an hour of tool calls' }
  | { readonly kind: 'headers'; readonly hangingCall: number }
  | { readonly kind: 'early answers'; readonly exports: number }
  | { readonly kind: 'full queues'; readonly timeoutMillis: number | undefined }
);

/** The report of the agent. */
export interface DeliveryOutcome {
  readonly heldMillis: number;
  /**
   * With full queues at the end: the most CPU time that one turn of the event loop took. Elapsed time would also
   * include other work of the machine.
   */
  readonly longestTurnMillis: number;
  readonly descriptors: number;
  readonly rssMiB: number;
  readonly logs: OtelProvider['stats'] extends () => infer Stats ? Stats[keyof Stats] : never;
}

const QUEUE_ITEMS = 65_536;
const task: DeliveryTask = JSON.parse(process.argv[2] ?? '');
let calls = 0;
const headers = async (): Promise<Record<string, string>> => {
  calls += 1;
  if (task.kind === 'headers' && calls === task.hangingCall) await new Promise(() => {});
  return { authorization: `Bearer ${calls}` };
};
const exporter: OtelExporter = {
  kind: 'otlp-http',
  endpoint: task.url,
  protocol: 'binary',
  ...(task.kind === 'headers' && { headers }),
};
const provider = await createOtelProvider(
  {
    environment: 'test',
    serviceName: 'codex_cli_rs',
    serviceVersion: '1.0.0',
    codexHome: '/nowhere',
    exporter,
    traceExporter: task.kind === 'full queues' ? exporter : { kind: 'none' },
    metricsExporter: { kind: 'none' },
    logBatch: { scheduledDelayMillis: 50 },
  },
  { handoverOnExit: false, uploaderCommand: ['/bin/true'] },
);
if (provider === undefined) throw new Error('no exporter is set');
const { logger, tracer } = provider;
const emit = (body: string) =>
  logger.emit({ eventName: 'codex.tool_result', body, attributes: { 'event.name': 'codex.tool_result' } });

let startedAt = performance.now();
let longestTurnMillis = 0;
switch (task.kind) {
  case 'large among small':
    emit('L'.repeat(task.largeBytes));
    for (let index = 0; index < task.small; index += 1) {
      await setTimeout(100);
      emit('SMALL');
    }
    await setTimeout(10_000);
    break;
  case 'an hour of tool calls':
    for (let index = 0; index < 420; index += 1) emit(index % 14 === 0 ? 'L'.repeat(60 * 1024) : 'SMALL');
    await provider.forceFlush({ timeoutMillis: 10_000 }).catch(() => {});
    break;
  case 'headers':
    for (let index = 0; index < 5; index += 1) {
      emit('SMALL');
      await provider.forceFlush({ timeoutMillis: 8000 }).catch(() => {});
    }
    break;
  case 'early answers':
    for (let index = 0; index < task.exports; index += 1) {
      emit('L'.repeat(8_000_000));
      await provider.forceFlush({ timeoutMillis: 5000 }).catch(() => {});
    }
    break;
  case 'full queues':
    for (let index = 0; index < QUEUE_ITEMS; index += 1) {
      emit('x'.repeat(400));
      tracer.startSpan('receiving_stream', { attributes: { index } }).end();
    }
    await setTimeout(1500);
    startedAt = performance.now();
    longestTurnMillis = await longestTurn(async () => {
      if (task.timeoutMillis === undefined) provider.shutdownOnProcessExit();
      else await provider.shutdown({ timeoutMillis: task.timeoutMillis }).catch(() => {});
    });
}
const heldMillis = performance.now() - startedAt;
globalThis.gc?.();
const outcome: DeliveryOutcome = {
  heldMillis,
  longestTurnMillis,
  descriptors: readdirSync('/proc/self/fd').length,
  rssMiB: process.memoryUsage.rss() / 2 ** 20,
  logs: provider.stats().logs,
};
process.stdout.write(JSON.stringify(outcome), () => process.exit(0));

/** The most CPU time that a turn of the event loop takes while `run` goes on. */
async function longestTurn(run: () => Promise<void>): Promise<number> {
  const cpuMillis = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  let longest = 0;
  let before = cpuMillis();
  const look = () => {
    const now = cpuMillis();
    longest = Math.max(longest, now - before);
    before = now;
  };
  let next = setImmediate(function eachTurn() {
    look();
    next = setImmediate(eachTurn);
  });
  await run();
  look();
  clearImmediate(next);
  return longest;
}
