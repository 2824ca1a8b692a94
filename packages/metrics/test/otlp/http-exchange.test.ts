import { Agent, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { patience } from '@codex-otel/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { HttpAnswer } from '../../src/otlp/http-exchange.ts';
import { exchange } from '../../src/otlp/http-exchange.ts';

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server that sends a given text to each connection once it has received something, and nothing else. */
async function serve(onRequest: (socket: Socket) => void): Promise<(timeoutMillis?: number) => Promise<HttpAnswer>> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => onRequest(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const agent = new Agent({ keepAlive: true });
  closers.push(() => {
    agent.destroy();
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  const start = (options: object) => request({ host: '127.0.0.1', port, method: 'POST', agent, ...options });
  return (timeoutMillis = patience.timeoutMillis) =>
    exchange(start, { headers: { 'content-length': 1 } }, Buffer.from('x'), AbortSignal.timeout(timeoutMillis));
}

describe('exchange', () => {
  it('returns status, headers and body', async () => {
    const post = await serve((socket) => socket.write('HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 2\r\n\r\nok'));
    const { status, headers, body } = await post();
    expect([status, headers['x-a'], body.toString()]).toEqual([200, 'b', 'ok']);
  });

  it('reads a body up to its limit and no further', async () => {
    const post = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      for (let times = 0; times < 20; times += 1) socket.write(`4000\r\n${'x'.repeat(0x4000)}\r\n`);
    });
    const { body } = await post();
    expect(body.length).toBeGreaterThanOrEqual(64 * 1024);
    expect(body.length).toBeLessThan(256 * 1024);
  });

  it.each([
    ['gzip', gzipSync('out of order'), 'out of order'],
    ['deflate', deflateSync('out of order'), 'out of order'],
    ['br', brotliCompressSync('out of order'), 'out of order'],
    ['identity', Buffer.from('out of order'), 'out of order'],
    ['gzip', Buffer.from('not compressed'), ''],
    ['unknown', Buffer.from([0x28, 0xb5]), ''],
    ['gzip', gzipSync('x'.repeat(10_000_000)), ''],
  ])('decodes a body that is encoded as %s, or returns an empty one', async (encoding, sent, expected) => {
    const head = `HTTP/1.1 400 X\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${sent.length}\r\n\r\n`;
    const post = await serve((socket) => socket.write(Buffer.concat([Buffer.from(head), sent])));
    expect((await post()).body.toString()).toBe(expected);
  });

  it.each([
    ['ends without an answer', (socket: Socket) => socket.end()],
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
    ['speaks something else', (socket: Socket) => socket.write('SSH-2.0-OpenSSH_9.9\r\n')],
    [
      'switches protocols',
      (socket: Socket) => socket.write('HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    ],
    ['sends endless headers', (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(100_000)}`)],
    ['ends in its body', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')],
  ])('fails at once when the server %s', async (_what, onRequest) => {
    const post = await serve(onRequest);
    await expect(post()).rejects.not.toMatchObject({ name: 'TimeoutError' });
  });

  it.each([
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
    ['ends without an answer', (socket: Socket) => socket.end()],
  ])('distinguishes an exchange that was cut from a server that is down: it %s', async (_what, onRequest) => {
    const post = await serve(onRequest);
    await expect(post()).rejects.toMatchObject({ name: 'BrokenOffError' });
    const away = (options: object) => request({ host: '127.0.0.1', port: 1, ...options });
    const attempt = exchange(away, {}, Buffer.from('x'), AbortSignal.timeout(patience.timeoutMillis));
    await expect(attempt).rejects.toMatchObject({ code: 'ECONNREFUSED', name: 'Error' });
  });

  it('reads a refusal whose body is cut', async () => {
    const post = await serve((socket) => socket.end('HTTP/1.1 413 Too Large\r\nContent-Length: 99\r\n\r\n<html>'));
    expect((await post()).status).toBe(413);
  });

  it.each([
    ['200 OK', 200],
    ['413 Content Too Large', 413],
  ])('releases the connection if %s comes before the body was written', async (line, status) => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.on('error', () => undefined);
      // One piece is read, and no more: the kernel's buffers fill, and the body cannot be written.
      socket.once('data', () => {
        socket.pause();
        socket.write(`HTTP/1.1 ${line}\r\nContent-Length: 0\r\n\r\n`);
      });
      closers.push(() => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const agent = new Agent({ keepAlive: true });
    closers.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const start = (options: object) => request({ host: '127.0.0.1', port, method: 'POST', agent, ...options });
    const body = Buffer.alloc(32 * 1024 * 1024);
    for (let round = 1; round <= 5; round += 1) {
      const answer = await exchange(
        start,
        { headers: { 'content-length': body.length } },
        body,
        AbortSignal.timeout(patience.timeoutMillis),
      );
      expect(answer.status).toBe(status);
      // Ends by the test's own time-out where the connection stays.
      while (Object.keys({ ...agent.sockets, ...agent.freeSockets }).length > 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(connections).toBe(round);
    }
  });

  it('ends at the abort, in the middle of a body', async () => {
    const post = await serve((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'));
    await expect(post(50)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('tries once more when an idle connection turns out to be closed', async () => {
    let requests = 0;
    const post = await serve((socket) => {
      requests += 1;
      if (requests === 2) socket.resetAndDestroy();
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
    await post();
    expect((await post()).status).toBe(200);
    expect(requests).toBe(3);
  });
});
