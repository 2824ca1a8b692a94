import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { DeliveryOutcome, DeliveryTask } from './delivery-program.ts';
import { startProgram } from './program.ts';

const LIMIT_BYTES = 2 ** 20;

/** How a server handles what it receives. */
type ServerKind = 'takes all' | 'refuses' | 'resets' | 'answers early' | 'hangs';

/** A server, and how the agent is kept busy meanwhile. */
interface Experiment {
  readonly name: string;
  readonly server: ServerKind;
  readonly task: DistributiveOmit<DeliveryTask, 'url'>;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

const experiments: readonly Experiment[] = [
  {
    name: 'connection reset for bodies over 1 MiB; one record of 5 MB, 100 small ones',
    server: 'resets',
    task: { kind: 'large among small', largeBytes: 5_000_000, small: 100 },
  },
  {
    name: '413 for bodies over 1 MiB; one record of 1.5 MB, 100 small ones',
    server: 'refuses',
    task: { kind: 'large among small', largeBytes: 1_500_000, small: 100 },
  },
  {
    name: '413 for bodies over 1 MiB; 390 small records, 30 of 60 KiB',
    server: 'refuses',
    task: { kind: 'an hour of tool calls' },
  },
  {
    name: 'the headers function hangs on its first call; 5 flushes',
    server: 'takes all',
    task: { kind: 'headers', hangingCall: 1 },
  },
  {
    name: 'the headers function hangs on its second call; 5 flushes',
    server: 'takes all',
    task: { kind: 'headers', hangingCall: 2 },
  },
  {
    name: 'response sent before the body of 8 MB is read; 10 exports',
    server: 'answers early',
    task: { kind: 'early answers', exports: 10 },
  },
  {
    name: 'response sent before the body of 8 MB is read; 1,000 exports',
    server: 'answers early',
    task: { kind: 'early answers', exports: 1000 },
  },
  {
    name: 'full queues, collector hangs; `shutdown` with a time-out of 500 ms',
    server: 'hangs',
    task: { kind: 'full queues', timeoutMillis: 500 },
  },
  {
    name: 'full queues, collector hangs; `shutdown` with a time-out of 2,000 ms',
    server: 'hangs',
    task: { kind: 'full queues', timeoutMillis: 2000 },
  },
  {
    name: 'full queues, collector hangs; `shutdownOnProcessExit`',
    server: 'hangs',
    task: { kind: 'full queues', timeoutMillis: undefined },
  },
];

/**
 * What happens to single batches that are never accepted, and to full queues at the end; the experiments run one by
 * one.
 */
export async function measureDelivery(): Promise<string> {
  const rows: string[] = [];
  for (const { name, server, task } of experiments) {
    const { heldMillis, longestTurnMillis, descriptors, rssMiB, logs } = await runDelivery(server, task);
    const counts = `${logs.exported}, ${logs.handedOver}, ${logs.dropped}, ${logs.failed}, ${logs.queued}`;
    const turn = task.kind === 'full queues' ? longestTurnMillis.toFixed(0) : '';
    rows.push(`| ${name} | ${counts} | ${heldMillis.toFixed(0)} | ${turn} | ${descriptors} | ${rssMiB.toFixed(0)} |`);
  }
  return [
    'Log records: exported, handed over, dropped, failed, still queued. Duration: until everything was flushed, or of the call at the end, in ms by the clock. Full queues: 65,536 log records of 400 bytes and as many spans.',
    '',
    '| fault | log records | duration | longest block of the event loop, CPU ms | file descriptors | RSS, MiB |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** Runs an agent against a server with one kind of fault; if the fault depends on size, it begins above 1 MiB. */
export async function runDelivery(kind: ServerKind, task: Experiment['task']): Promise<DeliveryOutcome> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    servers[kind](socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const whole = { ...task, url: `http://127.0.0.1:${port}` };
    const { output } = await startProgram('./delivery-program.ts', whole, { nodeArguments: ['--expose-gc'] }).ended;
    return JSON.parse(output);
  } finally {
    server.close();
    server.unref();
  }
}

const collector = collectorThatTakes(Number.POSITIVE_INFINITY);
const limited = collectorThatTakes(LIMIT_BYTES);

const resetting = http.createServer((request, response) => {
  if (Number(request.headers['content-length']) > LIMIT_BYTES) request.socket.resetAndDestroy();
  else request.resume().on('end', () => response.writeHead(200).end());
});

function collectorThatTakes(limitBytes: number): http.Server {
  return http.createServer((request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => response.writeHead(bytes > limitBytes ? 413 : 200).end());
  });
}

const servers: { readonly [Kind in ServerKind]: (socket: Socket) => void } = {
  'takes all': (socket) => collector.emit('connection', socket),
  refuses: (socket) => limited.emit('connection', socket),
  resets: (socket) => resetting.emit('connection', socket),
  'answers early': answerEarly,
  hangs: () => {},
};

/** Reads the head of a request and no more. */
function answerEarly(socket: Socket): void {
  socket.once('data', () => {
    socket.pause();
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    // It keeps the connection as long as the other side does. That is polled, since nothing is read.
    const looking = setInterval(() => socket.resume(), 1000);
    looking.unref();
    socket.on('close', () => clearInterval(looking));
  });
}
