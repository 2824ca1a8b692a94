import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A back end that only takes traces, at `/v1/traces`; at Prometheus's path it is a Prometheus without delta. */
export async function startRefusingServer(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    request.resume();
    switch (request.url) {
      case '/v1/traces':
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        return;
      case '/api/v1/otlp/v1/metrics':
        response
          .writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
          .end('invalid temporality and type combination for metric "codex_otel.check"\n');
        return;
      default:
        response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a path
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
