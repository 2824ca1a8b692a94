import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { ConnectionBehaviour } from './behaviour.ts';

/**
 * A port of the loopback interface. Its connections go to a server, or are handled by a {@link ConnectionBehaviour}.
 */
export interface Listener {
  readonly port: number;
  /** `undefined`: connections are served. Resolves when the behaviour applies. */
  behave(behaviour: ConnectionBehaviour | undefined): Promise<void>;
  /** Resets the connection that has this `address:port` at its other end. */
  reset(peer: string): void;
  close(): Promise<void>;
}

/** Listens on a free port; `serve` takes the connections. */
export async function listen(serve: (socket: Socket) => void): Promise<Listener> {
  const sockets = new Set<Socket>();
  let behaviour: ConnectionBehaviour | undefined;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Tests let clients disconnect in the middle; that is not a failure of the collector.
    socket.on('error', () => socket.destroy());
    if (behaviour === undefined) serve(socket);
    else if (behaviour.kind === 'garbage-on-connect') socket.end('\u0007 this is neither HTTP nor TLS\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a path

  const destroySockets = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    async behave(next) {
      behaviour = next;
      destroySockets();
      if (next?.kind === 'refuse') {
        if (!server.listening) return;
        const closed = once(server, 'close');
        server.close();
        await closed;
      } else if (!server.listening) {
        server.listen(port, '127.0.0.1');
        await once(server, 'listening');
      }
    },
    reset(peer) {
      for (const socket of sockets) {
        if (`${socket.remoteAddress}:${socket.remotePort}` === peer) socket.resetAndDestroy();
      }
    },
    async close() {
      destroySockets();
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
