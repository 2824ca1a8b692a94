import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { extractW3cTraceHeaders } from '@codex-otel/trace-context';
import type { ModelAnswer } from './scripted-session.ts';
import { readRecording } from './scripted-session.ts';

/** A request as the model server saw it. */
export interface ModelRequest {
  readonly status: number;
  /** The recording that was replayed. */
  readonly stream: string | undefined;
  /** The trace context that the request carried. */
  readonly traceparent: string | undefined;
}

/** A local stand-in for the Responses API: real HTTP, real SSE, recorded answers. */
export interface ModelServer {
  /** As a client's base URL. */
  readonly url: string;
  readonly requests: readonly ModelRequest[];
  close(): Promise<void>;
}

/** The key that clients must present. */
export const MODEL_API_KEY = 'local-model-server';

/**
 * Starts a server that answers each request with the next of `answers`.
 *
 * @param options.paceMillis - pause before the first event, and a tenth of it before each other one.
 */
export async function startModelServer(options: {
  readonly answers: readonly ModelAnswer[];
  readonly paceMillis: number;
}): Promise<ModelServer> {
  const { paceMillis } = options;
  const answers = [...options.answers];
  const requests: ModelRequest[] = [];
  const openCalls = new Set<string>();

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a path

  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const traceparent = extractW3cTraceHeaders(request.headers)?.traceparent;
    const body: unknown = await json(request);
    const complaint = complaintAbout(request, body);
    const answer = complaint === undefined ? answers.shift() : undefined;
    if (answer === undefined || !('stream' in answer)) {
      const status = complaint?.status ?? answer?.status ?? 500;
      const message = complaint?.message ?? (answer === undefined ? 'no answer is left' : 'The server is overloaded.');
      requests.push({ status, stream: undefined, traceparent });
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(answer === undefined ? {} : { 'retry-after-ms': String(answer.retryAfterMillis) }),
      });
      response.end(JSON.stringify({ error: { message, type: 'server_error', param: null, code: null } }));
      return;
    }
    requests.push({ status: 200, stream: answer.stream, traceparent });
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    let pause = paceMillis;
    for (const line of await readRecording(answer.stream)) {
      if (pause > 0) await wait(pause);
      pause = paceMillis / 10;
      const event: { type: string; item?: { type: string; call_id: string } } = JSON.parse(line);
      if (event.type === 'response.output_item.done' && event.item?.type === 'function_call') {
        openCalls.add(event.item.call_id);
      }
      response.write(`event: ${event.type}\ndata: ${line}\n\n`);
    }
    response.end();
  }

  /** Refuses what the API would refuse, above all a tool call whose output the client did not send. */
  function complaintAbout(request: IncomingMessage, body: unknown): { status: number; message: string } | undefined {
    if (request.method !== 'POST' || request.url !== '/v1/responses') {
      return { status: 404, message: `Unknown request URL: ${request.method} ${request.url}.` };
    }
    if (request.headers.authorization !== `Bearer ${MODEL_API_KEY}`) {
      return { status: 401, message: 'Incorrect API key provided.' };
    }
    if (!isResponsesRequest(body)) return { status: 400, message: "Expected 'model', 'input' and 'stream': true." };
    const items = typeof body.input === 'string' ? [] : body.input;
    const answered = new Set(items.map((item) => (item.type === 'function_call_output' ? item.call_id : undefined)));
    for (const callId of openCalls) {
      if (!answered.has(callId)) return { status: 400, message: `No tool output found for function call ${callId}.` };
      openCalls.delete(callId);
    }
    return undefined;
  }
}

interface ResponsesRequest {
  readonly model: string;
  readonly stream: true;
  readonly input: string | readonly { readonly type: string; readonly call_id?: string }[];
}

function isResponsesRequest(body: unknown): body is ResponsesRequest {
  return (
    typeof body === 'object' &&
    body !== null &&
    'model' in body &&
    typeof body.model === 'string' &&
    'stream' in body &&
    body.stream === true &&
    'input' in body &&
    (typeof body.input === 'string' || Array.isArray(body.input))
  );
}
