import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocketServer, WebSocket as WsClient } from 'ws';
import type { SessionTurn } from '../../src/turn/session-turn.ts';
import { fakeSession } from './fake-session.ts';
import { ANSWER, TOOL_CALL } from './response-streams.ts';

let server: WebSocketServer;
let url: string;

beforeEach(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on('connection', (socket) => {
    const answers = [TOOL_CALL, ANSWER];
    socket.on('message', (request) => {
      if (String(request) === 'break') socket.terminate();
      for (const event of answers.shift() ?? []) {
        socket.ping();
        socket.send(JSON.stringify(event));
      }
    });
  });
});

afterEach(async () => {
  for (const socket of server.clients) socket.terminate();
  await new Promise((resolve) => server.close(resolve));
});

/** Waits until the turn has the usage of this many responses. */
async function responses(turn: { readonly usage: { readonly totalTokens: number } }, total: number): Promise<void> {
  while (turn.usage.totalTokens < total) await new Promise((resolve) => setTimeout(resolve, 1));
}

async function observedSocket(turn: SessionTurn): Promise<WsClient> {
  const socket = new WsClient(url);
  await once(socket, 'open');
  const observer = turn.observeWebsocket();
  socket.on('message', observer.message);
  socket.on('close', observer.close);
  return socket;
}

describe('the ws package', () => {
  it('records the usage of every response of a socket', async () => {
    const { startTurn, spansNamed, told } = fakeSession();
    const turn = startTurn();
    const socket = await observedSocket(turn);
    socket.send('{"type":"response.create"}');
    await responses(turn, 120);
    socket.send('{"type":"response.create"}');
    await responses(turn, 128);
    socket.close();
    await once(socket, 'close');
    turn.end();
    expect(spansNamed('receiving_stream')).toHaveLength(2);
    expect(told('recordWebsocketEvent')).toHaveLength(TOOL_CALL.length + ANSWER.length);
    expect(told('sseEventCompleted').map((usage) => usage.toolTokenCount)).toEqual([120, 8]);
    expect(told('sseEventCompletedFailed')).toEqual([]);
  });

  it('records that the socket broke', async () => {
    const { startTurn, told } = fakeSession();
    const turn = startTurn();
    const socket = await observedSocket(turn);
    socket.send('break');
    await once(socket, 'close');
    turn.end();
    expect(told('sseEventCompletedFailed')).toHaveLength(1);
  });
});

describe("the platform's WebSocket", () => {
  it('records the same', async () => {
    const { startTurn, told } = fakeSession();
    const turn = startTurn();
    const socket = new WebSocket(url);
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    const observer = turn.observeWebsocket();
    socket.addEventListener('message', observer.message);
    socket.addEventListener('close', observer.close);
    socket.send('{"type":"response.create"}');
    await responses(turn, 120);
    socket.close();
    turn.end();
    expect(told('recordWebsocketEvent')).toHaveLength(TOOL_CALL.length);
    expect(told('sseEventCompleted')).toHaveLength(1);
  });
});
