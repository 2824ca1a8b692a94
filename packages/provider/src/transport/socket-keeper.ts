import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** Node's own channel: every outgoing connection, before it is open. */
const CHANNEL = 'net.client.socket';

/**
 * Knows the connections that a client library opens, so that they can be ended.
 *
 * gRPC's client waits for a TCP or TLS handshake without a limit, and goes on doing so after it was closed:
 * such a socket would hold the process.
 */
export class SocketKeeper {
  readonly #sockets = new Set<Socket>();
  readonly #inside = new AsyncLocalStorage<boolean>();
  readonly #onSocket = (message: unknown): void => {
    if (this.#inside.getStore() !== true || !hasSocket(message)) return;
    const { socket } = message;
    socket.unref();
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  };

  constructor() {
    subscribe(CHANNEL, this.#onSocket);
  }

  /** Keeps what is opened in `fn`, and in everything that follows from it. */
  run<T>(fn: () => T): T {
    return this.#inside.run(true, fn);
  }

  /** Ends all of them. */
  destroy(): void {
    unsubscribe(CHANNEL, this.#onSocket);
    for (const socket of this.#sockets) socket.destroy();
  }
}

function hasSocket(message: unknown): message is { readonly socket: Socket } {
  return typeof message === 'object' && message !== null && 'socket' in message;
}
