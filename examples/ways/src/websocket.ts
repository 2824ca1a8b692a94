import { on, once } from 'node:events';
import type { SessionTurn } from '@codex-otel/session-telemetry';
import { WebSocket } from 'ws';

/** The Responses API over a socket, one request after the other. */
export async function requests(turn: SessionTurn, url: string, count: number): Promise<void> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const { message, request, close } = turn.observeWebsocket();
  socket.on('message', message);
  socket.on('error', close);
  socket.on('close', close);
  const send = (): void => {
    request();
    socket.send(JSON.stringify({ type: 'response.create', model: 'the-model', input: 'Say hello.' }));
  };
  send();
  let completed = 0;
  for await (const [data] of on(socket, 'message', { close: ['close'] })) {
    if (JSON.parse(String(data)).type !== 'response.completed') continue;
    completed += 1;
    if (completed === count) break;
    send();
  }
  socket.close();
}
