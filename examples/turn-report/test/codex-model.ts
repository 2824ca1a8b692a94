import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A local stand-in for the Responses API: one scripted stream of events for each request. */
export interface ModelServer {
  readonly url: string;
  close(): void;
}

type Event = { readonly type: string; readonly [key: string]: unknown };

/** Answers requests in turn, an event each few milliseconds. `beforeAnswer` may hold an answer back. */
export async function startModelServer(
  answers: readonly (readonly Event[])[],
  beforeAnswer: (index: number) => Promise<void> = async () => {},
): Promise<ModelServer> {
  let asked = 0;
  const server: Server = createServer((request, response) => {
    void (async () => {
      // The answer does not depend on the request.
      request.resume();
      await once(request, 'end');
      if (request.method !== 'POST' || !request.url?.endsWith('/responses')) return response.writeHead(404).end('{}');
      const index = asked;
      asked += 1;
      await beforeAnswer(index);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of answers[index] ?? []) {
        await wait(8);
        response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      }
      return response.end();
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A whole response: a call of a tool, or a message. */
export function response(
  id: string,
  item: Event,
  counts: { readonly input: number; readonly cached: number; readonly output: number; readonly reasoning: number },
): readonly Event[] {
  const { input, cached, output, reasoning } = counts;
  const usage = {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
  const head = { id, object: 'response', model: 'gpt-5.1-codex', created_at: 1 };
  return [
    { type: 'response.created', response: { ...head, status: 'in_progress', output: [] } },
    { type: 'response.output_item.added', output_index: 0, item: { ...item, status: 'in_progress' } },
    { type: 'response.output_item.done', output_index: 0, item: { ...item, status: 'completed' } },
    { type: 'response.completed', response: { ...head, status: 'completed', output: [item], usage } },
  ];
}

export function toolCall(callId: string, command: string): Event {
  return {
    type: 'function_call',
    id: `fc_${callId}`,
    call_id: callId,
    name: 'exec_command',
    arguments: JSON.stringify({ cmd: command }),
  };
}

export function message(text: string): Event {
  return { type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] };
}
