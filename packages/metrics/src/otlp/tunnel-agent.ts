import type { ClientRequest, IncomingMessage } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { basicAuthorization } from './proxy.ts';

/** Options for {@link TunnelAgent}. */
export interface TunnelAgentOptions extends https.AgentOptions {
  readonly proxy: URL;
  /** How long the proxy may take to connect, in milliseconds. */
  readonly connectTimeoutMillis: number;
}

/**
 * An agent whose TLS connections go through an HTTP proxy by CONNECT, so that the proxy sees only the host name.
 * Tunnels are kept alive and reused like other connections.
 */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;
  readonly #connectTimeoutMillis: number;
  readonly #connecting = new Set<ClientRequest>();

  constructor({ proxy, connectTimeoutMillis, ...options }: TunnelAgentOptions) {
    super(options);
    this.#proxy = proxy;
    this.#connectTimeoutMillis = connectTimeoutMillis;
  }

  override createConnection(
    options: https.RequestOptions,
    callback: (error: Error | null, socket: Duplex) => void = () => undefined,
  ): undefined {
    const target = `${hostInUrl(options.host ?? '')}:${options.port ?? 443}`;
    const authorization = basicAuthorization(this.#proxy);
    const start = this.#proxy.protocol === 'https:' ? https.request : http.request;
    const request = start({
      host: this.#proxy.hostname.replace(/^\[|\]$/g, ''),
      port: this.#proxy.port || (this.#proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) },
      // Not from a pool: the connection of a tunnel cannot be used for the proxy again.
      agent: false,
      rejectUnauthorized: true,
    });
    let settled = false;
    const settle = (error: Error | null, socket: Duplex | undefined) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      this.#connecting.delete(request);
      // The types demand a socket even for a failure; Node checks the error first.
      callback(error, socket as Duplex);
    };
    const fail = (error: Error) => {
      settle(error, undefined);
      request.destroy();
    };
    const timer = setTimeout(() => fail(new Error('the proxy does not answer')), this.#connectTimeoutMillis);
    timer.unref();
    this.#connecting.add(request);
    request.on('socket', (socket) => socket.unref());
    request.on('error', fail);
    request.on('close', () => fail(new Error('the proxy ended the connection')));
    // A proxy that refuses sends an ordinary answer.
    request.on('response', (response: IncomingMessage) => fail(new Error(`the proxy answered ${response.statusCode}`)));
    request.on('connect', (response: IncomingMessage, socket: Duplex, head: Buffer) => {
      const { statusCode = 0 } = response;
      // Any 2xx opens the tunnel: https://www.rfc-editor.org/rfc/rfc9110#name-connect
      if (settled || statusCode < 200 || statusCode >= 300 || head.length > 0) {
        socket.destroy();
        fail(new Error(`the proxy answered ${statusCode}`));
        return;
      }
      settle(null, tls.connect({ ...options, socket } as tls.ConnectionOptions));
    });
    request.end();
    return undefined;
  }

  override destroy(): void {
    for (const request of this.#connecting) request.destroy();
    super.destroy();
  }
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
