import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';

/** The one address that anything here listens on. */
export const LOOPBACK = '127.0.0.1';
/** How many ports above the given one are tried. */
const PORTS_TRIED = 50;

const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/**
 * Whether a request was meant for this machine. Another site can point its own name to 127.0.0.1, so that browsers take us for
 * its own server; but its requests carry that name in `Host`.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && LOOPBACK_HOST.test(host);
}

/**
 * Listens on a port of the loopback interface, or on the next free one above. 0 is any free port.
 *
 * @throws the system's error if no port is free.
 */
export async function listenOnLoopback(server: Server, wished: number): Promise<number> {
  for (let port = wished; ; port += 1) {
    try {
      await listening(server, port);
      return (server.address() as AddressInfo).port; // a TCP server's address is never a path
    } catch (error) {
      if (!isPortTaken(error) || port >= Math.min(wished + PORTS_TRIED, 65_535)) throw error;
    }
  }
}

/** The first free port from the given one on. */
export async function freeLoopbackPort(wished: number): Promise<number> {
  const probe = createServer();
  const port = await listenOnLoopback(probe, wished);
  await new Promise((done) => probe.close(done));
  return port;
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function isPortTaken(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE';
}
