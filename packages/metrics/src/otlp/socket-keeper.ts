import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** Node's channel for every outgoing connection, before it is open. */
const CHANNEL = 'net.client.socket';

const keepers = new AsyncLocalStorage<SocketKeeper>();

/** Whether the running code was started inside {@link SocketKeeper.run}. */
export function runsKept(): boolean {
  return keepers.getStore() !== undefined;
}

/**
 * Tracks the connections that a client library opens, so that they can be closed.
 *
 * gRPC's client waits for a TCP or TLS handshake without a limit, even after it was closed; such a socket would hold
 * the process.
 */
export class SocketKeeper {
  readonly #sockets = new Set<Socket>();
  readonly #onSocket = (message: unknown): void => {
    if (keepers.getStore() !== this || !hasSocket(message)) return;
    const { socket } = message;
    socket.unref();
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  };

  constructor() {
    subscribe(CHANNEL, this.#onSocket);
  }

  /** Tracks what is opened in `fn` and in asynchronous work that it starts. */
  run<T>(fn: () => T): T {
    return keepers.run(this, fn);
  }

  /** Closes all of them. */
  destroy(): void {
    unsubscribe(CHANNEL, this.#onSocket);
    for (const socket of this.#sockets) socket.destroy();
  }
}

function hasSocket(message: unknown): message is { readonly socket: Socket } {
  return typeof message === 'object' && message !== null && 'socket' in message;
}
