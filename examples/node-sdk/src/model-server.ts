import type { Server } from 'node:http';
import { createServer } from 'node:http';

/** A stand-in for the Responses API: real HTTP and server-sent events, first a tool call, then an answer. */
export function createModelServer(): Server {
  let requests = 0;
  return createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    requests += 1;
    const events = requests % 2 === 1 ? toolCall() : answer();
    for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
    response.end();
  });
}

function toolCall(): readonly object[] {
  const item = { type: 'function_call', call_id: 'call_1', name: 'node', arguments: '{"expression":"6 * 7"}' };
  const usage = {
    input_tokens: 420,
    input_tokens_details: { cached_tokens: 384 },
    output_tokens: 30,
    output_tokens_details: { reasoning_tokens: 12 },
    total_tokens: 450,
  };
  return [
    { type: 'response.created', response: { id: 'resp_1' } },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { id: 'resp_1', usage } },
  ];
}

function answer(): readonly object[] {
  const item = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'It is 42.' }] };
  const usage = {
    input_tokens: 470,
    input_tokens_details: { cached_tokens: 420 },
    output_tokens: 8,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 478,
  };
  return [
    { type: 'response.created', response: { id: 'resp_2' } },
    { type: 'response.output_text.delta', item_id: 'msg_1', delta: 'It is 42.' },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { id: 'resp_2', usage } },
  ];
}
