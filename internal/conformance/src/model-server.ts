import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { ModelEvent } from './model-stream.ts';
import type { ModelAnswer } from './scenes.ts';
import { WARM_UP } from './scenes.ts';

const PACE_MILLIS = 2;

/** What a server says about its own times, over a WebSocket. */
const TIMING: ModelEvent = {
  type: 'responsesapi.websocket_timing',
  timing_metrics: {
    responses_duration_excl_engine_and_client_tool_time_ms: 12,
    engine_service_total_ms: 345,
    engine_iapi_ttft_total_ms: 20,
    engine_service_ttft_total_ms: 30,
    engine_iapi_tbt_across_engine_calls_ms: 1.25,
    engine_service_tbt_across_engine_calls_ms: 2.75,
  },
};

/** A model on a free port of the loopback interface. */
export interface ModelServer {
  readonly url: string;
  /** What it answers from now on, in this order; earlier answers that were not used are dropped. */
  expect(answers: readonly ModelAnswer[]): void;
  /** When the last answer was complete, by `performance.now()`. */
  lastByteAt(): number | undefined;
  close(): void;
}

/** Starts a model that speaks the Responses API over server-sent events, and over a WebSocket. */
export async function startModelServer(): Promise<ModelServer> {
  let queue: ModelAnswer[] = [];
  let lastByteAt: number | undefined;
  const next = (): ModelAnswer => queue.shift() ?? { kind: 'refused', status: 500 };

  const server = createServer((request, response) => {
    response.on('finish', () => {
      if (request.method === 'POST') lastByteAt = performance.now();
    });
    answerHttp(request, response, next).catch(() => response.destroy());
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      answerSocket(socket, String(data), next).catch(() => socket.terminate());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    expect(answers) {
      queue = [...answers];
    },
    lastByteAt: () => lastByteAt,
    close() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answerHttp(request: IncomingMessage, response: ServerResponse, next: () => ModelAnswer): Promise<void> {
  request.resume();
  await once(request, 'end');
  const json = (status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (request.method === 'GET') return json(200, { object: 'list', data: [], models: [] });
  if (!/\/responses$/.test(request.url ?? '')) return json(404, { error: { message: 'there is no such path' } });
  const answer = next();
  if (answer.kind === 'refused') return json(answer.status, { error: { message: 'Not now.', type: 'server_error' } });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of answer.events) {
    await pause(PACE_MILLIS);
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }
  response.end();
}

async function answerSocket(socket: WebSocket, text: string, next: () => ModelAnswer): Promise<void> {
  const request: unknown = JSON.parse(text);
  const isWarmUp = typeof request === 'object' && request !== null && Reflect.get(request, 'generate') === false;
  const answer: ModelAnswer = isWarmUp ? { kind: 'stream', events: WARM_UP } : next();
  if (answer.kind === 'refused') {
    socket.send(
      JSON.stringify({ type: 'error', status: answer.status, error: { message: 'Not now.', type: 'server_error' } }),
    );
    return;
  }
  for (const event of answer.events) {
    await pause(PACE_MILLIS);
    socket.send(JSON.stringify(event));
  }
  if (!isWarmUp) socket.send(JSON.stringify(TIMING));
}
