import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { runDemo } from '@codex-otel/example-cli';
import type { FleetCollector } from './fleet.ts';
import { startFleet } from './fleet.ts';

/** Items per second that one core of the fleet's Collector receives, samples, queues on disk and sends on. */
export async function measureFleet(collector: string): Promise<string> {
  const rows = [];
  for (const signal of ['traces', 'logs', 'metrics'] as const) {
    const fleet = await startFleet(collector, 5, { GOMAXPROCS: '1' });
    try {
      rows.push(await measured(fleet, signal));
    } finally {
      await fleet.stop();
    }
  }
  return [
    '| signal | items taken | CPU time, s | items a second per core | a turn of the demo has | turns a second per core |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

type FleetSignal = 'traces' | 'logs' | 'metrics';

const LOAD_SECONDS = 10;
const SENDERS = 4;

async function measured(fleet: FleetCollector, signal: FleetSignal): Promise<string> {
  const { bodies, items, turns, traceIds } = await recordedRequests(signal);
  const before = await cpuSeconds(fleet.pid);
  const end = performance.now() + 1000 * LOAD_SECONDS;
  let taken = 0;
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      while (performance.now() < end) {
        for (const body of bodies) await post(`${fleet.endpoint}/v1/${signal}`, withNewTraces(body, traceIds));
        taken += items;
      }
    }),
  );
  // Until it has sampled the last trace and sent it on.
  await wait(8000);
  const seconds = (await cpuSeconds(fleet.pid)) - before;
  const perSecond = taken / seconds;
  const perTurn = items / turns;
  const cells = [
    signal,
    taken,
    seconds.toFixed(1),
    Math.round(perSecond),
    Math.round(perTurn),
    Math.round(perSecond / perTurn),
  ];
  return `| ${cells.map((cell) => cell.toLocaleString('en')).join(' | ')} |`;
}

/** Requests as the demo sends them. */
interface RecordedRequests {
  readonly bodies: readonly Uint8Array[];
  readonly items: number;
  readonly turns: number;
  /** The positions of trace ids, since each repetition needs its own traces. */
  readonly traceIds: readonly Buffer[];
}

async function recordedRequests(signal: FleetSignal): Promise<RecordedRequests> {
  const bodies: Buffer[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(await buffer(request));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo; // a TCP server's address is never a path
    const report = await runDemo({ endpoint: `http://127.0.0.1:${port}`, signals: [signal], paceMillis: 0 });
    const traceIds = report.turns.map(({ traceId }) => Buffer.from(traceId, 'hex'));
    return { bodies, items: report.sent[signal].exported, turns: report.turns.length, traceIds };
  } finally {
    server.close();
  }
}

/** The body with other traces in the place of its own. */
function withNewTraces(body: Uint8Array, traceIds: readonly Buffer[]): Buffer {
  const copy = Buffer.from(body);
  for (const traceId of traceIds) {
    const other = randomBytes(traceId.length);
    for (let at = copy.indexOf(traceId); at !== -1; at = copy.indexOf(traceId, at + other.length)) other.copy(copy, at);
  }
  return copy;
}

async function post(url: string, body: Uint8Array): Promise<void> {
  const headers = { 'content-type': 'application/x-protobuf' };
  const response = await fetch(url, { method: 'POST', headers, body });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`the Collector answered ${response.status}`);
}

/** User and system time of a process, of Linux's table: fields 14 and 15, in hundredths of a second. */
async function cpuSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
