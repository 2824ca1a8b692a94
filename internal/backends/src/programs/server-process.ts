import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A server in a process of its own that is ready. */
export interface ServerProcess {
  readonly pid: number;
  /** Ends it, and waits until it has ended. */
  stop(): Promise<void>;
}

/** Some need half a minute to load Python. */
const READY_MILLIS = 180_000;
const KEPT_OUTPUT = 4000;

/**
 * Starts a server and waits until `readyUrl` answers with success, or for a `tcp:` URL, until it accepts connections.
 *
 * @throws when it ends or is not ready within three minutes, with the end of what it printed.
 */
export async function startServer(
  file: string,
  args: readonly string[],
  readyUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = spawn(file, [...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = `${output}${chunk}`.slice(-KEPT_OUTPUT);
    });
  }
  const closed = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill();
    await closed;
  };
  const deadline = performance.now() + READY_MILLIS;
  while (!(await answersWell(readyUrl))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await stop();
      throw new Error(`${file} is not ready at ${readyUrl}: ${output}`);
    }
    await wait(100);
  }
  return { pid: child.pid ?? 0, stop };
}

async function answersWell(url: string): Promise<boolean> {
  if (url.startsWith('tcp:')) return takesConnections(new URL(url));
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function takesConnections({ hostname, port }: URL): Promise<boolean> {
  const socket = connect(Number(port), hostname);
  return new Promise((resolve) => {
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

/** Ports of the loopback interface that were free a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      server.close();
      await once(server, 'close');
      if (address === null || typeof address === 'string') throw new Error('a TCP server without a port');
      return address.port;
    }),
  );
}
