import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createW3cService } from '../src/index.ts';

const traceId = '12345678901234567890123456789012';
const traceparent = `00-${traceId}-1234567890123456-01`;

interface Received {
  readonly path: string | undefined;
  readonly traceparent: string;
  readonly tracestate: string | undefined;
  readonly body: unknown;
}

const received: Received[] = [];
const service = createW3cService();
const harness = createServer((incoming, response) => {
  void json(incoming).then((body) => {
    const { traceparent: parent, tracestate } = incoming.headers;
    received.push({ path: incoming.url, traceparent: String(parent), tracestate: tracestate?.toString(), body });
    response.end('ok');
  });
});

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

let serviceUrl = '';
let harnessUrl = '';
beforeAll(async () => {
  serviceUrl = await listening(service);
  harnessUrl = await listening(harness);
});
afterAll(() => {
  for (const server of [service, harness]) {
    server.close();
    server.closeAllConnections();
  }
});

/** Sends raw headers, so that one name can come twice; gives the status. */
async function ask(headers: readonly string[], body: string): Promise<number | undefined> {
  received.length = 0;
  const outgoing = request(`${serviceUrl}/test`, { method: 'POST', headers: ['host', '127.0.0.1', ...headers] });
  outgoing.end(body);
  const [response] = await once(outgoing, 'response');
  response.resume();
  return response.statusCode;
}

const calls = (count: number): string =>
  JSON.stringify(Array.from({ length: count }, (_, index) => ({ url: `${harnessUrl}/${index}`, arguments: [index] })));

describe('createW3cService', () => {
  it('makes each call with its arguments, in the same trace, from a span of its own', async () => {
    await ask(['traceparent', traceparent, 'tracestate', 'foo=1', 'tracestate', 'bar=2'], calls(3));
    expect(received.map(({ path, body }) => [path, body])).toEqual([
      ['/0', [0]],
      ['/1', [1]],
      ['/2', [2]],
    ]);
    expect(received.map((call) => call.traceparent.slice(3, 35))).toEqual([traceId, traceId, traceId]);
    expect(received.map((call) => call.tracestate)).toEqual(['foo=1,bar=2', 'foo=1,bar=2', 'foo=1,bar=2']);
    expect(new Set([traceparent, ...received.map((call) => call.traceparent)]).size).toBe(4);
  });

  it.each(['00', '01', '02', '03'])('passes on the flags %s as far as level 2 knows them', async (flags) => {
    await ask(['traceparent', traceparent.replace(/01$/, flags)], calls(1));
    expect(received[0]?.traceparent).toMatch(new RegExp(`^00-${traceId}-.*-${flags}$`));
  });

  it('keeps at signs in keys, and repeated keys', async () => {
    await ask(['traceparent', traceparent, 'tracestate', 'foo@=1,a@@b=2', 'tracestate', 'foo@=3'], calls(1));
    expect(received[0]?.tracestate).toBe('foo@=1,a@@b=2,foo@=3');
  });

  it('starts a new trace when traceparent comes twice', async () => {
    await ask(['traceparent', traceparent, 'traceparent', traceparent, 'tracestate', 'foo=1'], calls(1));
    expect(received[0]?.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(received[0]?.traceparent).not.toContain(traceId);
    expect(received[0]?.tracestate).toBeUndefined();
  });

  it.each(['no json', '{}', '[{}]'])('answers 400 to %s', async (body) => {
    expect(await ask([], body)).toBe(400);
    expect(received).toEqual([]);
  });
});
