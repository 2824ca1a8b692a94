// One case of growth: `growth-child.ts <case> <size>…`; prints for each size CPU milliseconds of one operation and the
// heap.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OtelSettings } from '@codex-otel/config';
import type { OtelProvider } from '@codex-otel/provider';
import { createOtelProvider } from '@codex-otel/provider';
import { SessionTelemetry } from '@codex-otel/session-telemetry';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { cpuMillis } from './cpu-clock.ts';
import type { GrowthName } from './growth-cases.ts';
import { oursClient } from './metrics.cases.ts';
import { cases as sessionCases } from './session.cases.ts';
import { sessionMetadata } from './session-metadata.ts';

/** What was measured at one size. */
export interface GrowthSample {
  /** CPU time of one operation, in milliseconds; one value, or one for each of several slices. */
  readonly millis: readonly number[];
  /** How much larger the heap is after a collection. */
  readonly heapMiB: number;
}

const runs: {
  readonly [name in GrowthName]: (size: number, ...larger: readonly number[]) => Promise<readonly GrowthSample[]>;
} = {
  'tag sets': countWithTagSets,
  turns: concurrentTurns,
  spool: pendingSpool,
  output: toolOutput,
  events: longSession,
};
const [, , name = '', size, ...larger] = process.argv;
const run = runs[name as GrowthName];
if (run === undefined) throw new Error(`there is no case '${name}'`);
console.log(JSON.stringify(await run(Number(size), ...larger.map(Number))));
process.exit(0);

async function countWithTagSets(sets: number): Promise<readonly GrowthSample[]> {
  const client = await oursClient();
  const before = heapMiB();
  const calls = Math.max(200_000, sets);
  const count = (times: number) => {
    for (let call = 0; call < times; call += 1) client.counter('codex.tool.call', 1, { tool: `tool-${call % sets}` });
  };
  count(calls);
  const started = cpuMillis();
  count(calls);
  return [{ millis: [(cpuMillis() - started) / calls], heapMiB: heapMiB() - before }];
}

async function concurrentTurns(turns: number): Promise<readonly GrowthSample[]> {
  const events = 200;
  const total = 40_000;
  const before = heapMiB();
  const session = newSession(undefined);
  const read = async () => {
    for (let done = 0; done < total; done += turns * events) {
      await Promise.all(
        Array.from({ length: turns }, async (_, index) => {
          const turn = session.startTurn({ turnId: `turn-${done}-${index}`, parent: ROOT_CONTEXT });
          for await (const _event of turn.observeResponse(deltas(events)));
          turn.end();
        }),
      );
    }
  };
  await read();
  const started = cpuMillis();
  await read();
  return [{ millis: [(cpuMillis() - started) / total], heapMiB: heapMiB() - before }];
}

async function* deltas(count: number): AsyncGenerator<{ readonly type: string }, void, undefined> {
  for (let index = 0; index < count; index += 1) yield { type: 'response.output_text.delta' };
  yield { type: 'response.completed' };
}

async function pendingSpool(batches: number): Promise<readonly GrowthSample[]> {
  const codexHome = mkdtempSync(path.join(tmpdir(), 'codex-otel-growth-'));
  try {
    const filler = await openProvider('http://127.0.0.1:9', codexHome, { maxExportBatchSize: 1 });
    for (let index = 0; index < batches; index += 1) filler.logger.emit({ eventName: 'codex.event', body: index });
    filler.shutdownOnProcessExit();
    const before = heapMiB();
    const started = cpuMillis();
    await openProvider('http://127.0.0.1:9', codexHome, {});
    return [{ millis: [cpuMillis() - started], heapMiB: heapMiB() - before }];
  } finally {
    rmSync(codexHome, { recursive: true, force: true });
  }
}

async function toolOutput(kilobytes: number): Promise<readonly GrowthSample[]> {
  const provider = await openProvider('http://127.0.0.1:9', '/nonexistent', {});
  const session = newSession(provider);
  const line = 'drwxr-xr-x 2 user user 4096 Nov 28 05:15 node_modules/.bin/some-program\n';
  // Not by `repeat`, whose text is put together only when it is read first.
  const output = Buffer.alloc(kilobytes * 1024, line).toString();
  const before = heapMiB();
  const record = () => {
    const options = { toolName: 'shell', callId: 'call-1', arguments: '{}', output, success: true, durationMillis: 5 };
    session.toolResult(options);
  };
  for (let call = 0; call < 20; call += 1) record();
  const calls = 50;
  const started = cpuMillis();
  for (let call = 0; call < calls; call += 1) record();
  return [{ millis: [(cpuMillis() - started) / calls], heapMiB: heapMiB() - before }];
}

/** The cost of an event after so many others, and the memory that these still take. */
async function longSession(...sizes: readonly number[]): Promise<readonly GrowthSample[]> {
  const operation = await sessionCases['own providers']();
  if (typeof operation === 'function') throw new Error('the case exports between its slices');
  const [slice, slices] = [5000, 40];
  let done = 0;
  const timedSlice = async () => {
    const started = cpuMillis();
    for (let index = 0; index < slice; index += 1) operation.run(done + index);
    const millis = (cpuMillis() - started) / slice;
    done += slice;
    await operation.between();
    return millis;
  };
  await timedSlice();
  const before = heapMiB();
  const samples: GrowthSample[] = [];
  for (const size of sizes) {
    while (done < size) await timedSlice();
    const heap = heapMiB() - before;
    const millis: number[] = [];
    while (millis.length < slices) millis.push(await timedSlice());
    samples.push({ millis, heapMiB: heap });
  }
  return samples;
}

function newSession(provider: OtelProvider | undefined): SessionTelemetry {
  return new SessionTelemetry(
    sessionMetadata,
    provider === undefined ? {} : { logger: provider.logger, tracer: provider.tracer },
  );
}

async function openProvider(
  endpoint: string,
  codexHome: string,
  logBatch: NonNullable<OtelSettings['logBatch']>,
): Promise<OtelProvider> {
  const settings: OtelSettings = {
    environment: 'bench',
    serviceName: 'codex_cli_rs',
    serviceVersion: '0.154.0',
    codexHome,
    exporter: { kind: 'otlp-http', endpoint, protocol: 'binary' },
    traceExporter: { kind: 'none' },
    metricsExporter: { kind: 'none' },
    logBatch,
    ...(codexHome !== '/nonexistent' && { spool: {} }),
  };
  const provider = await createOtelProvider(settings, { env: {}, registerGlobals: false, handoverOnExit: false });
  if (provider === undefined) throw new Error('the provider is off');
  return provider;
}

function heapMiB(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
