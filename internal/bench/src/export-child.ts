// One run of one source, in a process of its own: prints what it cost, how many items the collector got, and how late
// the event loop was.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { SourceName } from './export-sources.ts';
import { openSource } from './export-sources.ts';

/** More than the SDK's queues hold by default; only used where the queue must not limit the result. */
const ROOMY_QUEUE = 2048;
const LOOP_RESOLUTION_MILLIS = 1;

const [name, work, amount] = process.argv.slice(2) as [SourceName, 'steady' | 'burst' | 'rate', string];
const items = Number(amount);
const receiver = fork(fileURLToPath(new URL('./export-receiver.ts', import.meta.url)), { serialization: 'json' });
const [port] = await once(receiver, 'message');
const url = `http://127.0.0.1:${port}`;

const source = await openSource(name, url, work === 'steady' ? ROOMY_QUEUE : undefined);
// Modules load and code is compiled in the first seconds; that belongs to the start-up and is not measured here.
await produce(20_000, 'steady');
await source.flush();
await received();

// Its timer wakes the loop each millisecond, which must not count as CPU time of an item.
const delays = work === 'rate' ? monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MILLIS }) : undefined;
delays?.enable();
const startedAt = performance.now();
const cpu = process.cpuUsage();
await produce(items, work);
await source.flush();
const { user, system } = process.cpuUsage(cpu);
const elapsedMillis = performance.now() - startedAt;
delays?.disable();
// What is recorded is the time between two timers of one resolution.
const loopP99Millis = Math.max(0, (delays?.percentile(99) ?? 0) / 1e6 - LOOP_RESOLUTION_MILLIS);
const arrived = await received();
await source.shutdown();
receiver.disconnect();
console.log(JSON.stringify({ cpuMicros: (user + system) / items, elapsedMillis, arrived, loopP99Millis }));

async function produce(count: number, how: typeof work): Promise<void> {
  const start = performance.now();
  for (let made = 0; made < count; ) {
    // Spread over a second, all at once, or as much as the queue takes.
    const due = how === 'rate' ? Math.min(count, ((performance.now() - start) / 1000) * 50_000) : count;
    while (made < due && (how !== 'steady' || source.waiting() < ROOMY_QUEUE - 512)) source.emit(made++);
    // While the queue is full, waiting for the collector must cost nothing.
    await (made < due ? sleep(1) : nextTurn());
  }
}

async function received(): Promise<number> {
  const answer = await fetch(url);
  const { items: count } = (await answer.json()) as { readonly items: number };
  return count;
}
