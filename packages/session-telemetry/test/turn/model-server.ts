import type { Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answer of the model server: the pieces of its body, or what it does instead. */
export type ModelAnswer =
  | { readonly kind: 'stream'; readonly pieces: readonly (string | Uint8Array)[] }
  | { readonly kind: 'status'; readonly status: number; readonly body?: object | undefined }
  /** Sends the pieces, then drops the connection. */
  | { readonly kind: 'broken'; readonly pieces: readonly (string | Uint8Array)[] }
  /** Sends the pieces, then nothing more. */
  | { readonly kind: 'hanging'; readonly pieces: readonly (string | Uint8Array)[] };

/** A model server on the loopback interface. */
export interface ModelServer {
  readonly url: string;
  /** The requested paths, in order. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Answers the requests one after the other, each piece in a chunk of its own. */
export async function startModelServer(answers: readonly ModelAnswer[]): Promise<ModelServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const answer = answers[requests.length] ?? { kind: 'status', status: 500 };
      requests.push(request.url ?? '');
      answerWith(response, answer).catch(() => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, close: () => close(server) };
}

async function answerWith(response: ServerResponse, answer: ModelAnswer): Promise<void> {
  if (answer.kind === 'status') {
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body ?? {}));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const piece of answer.pieces) {
    response.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (answer.kind === 'stream') response.end();
  else if (answer.kind === 'broken') response.destroy();
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
