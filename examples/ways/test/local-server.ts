import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** 120 tokens, in the words of each API. */
const responsesUsage = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 64, cache_write_tokens: 0 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 4 },
  total_tokens: 120,
};
const chatUsage = {
  prompt_tokens: 100,
  prompt_tokens_details: { cached_tokens: 64 },
  completion_tokens: 20,
  completion_tokens_details: { reasoning_tokens: 4 },
  total_tokens: 120,
};
const anthropicUsage = {
  input_tokens: 30,
  cache_read_input_tokens: 64,
  cache_creation_input_tokens: 6,
  output_tokens: 20,
};

const output = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: 'Hello', annotations: [] }],
};
const response = (id: string) => ({
  id,
  object: 'response',
  model: 'the-model',
  status: 'completed',
  output: [output],
});
const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };

export function responsesEvents(id: string): readonly object[] {
  return [
    { type: 'response.created', response: { ...response(id), status: 'in_progress', output: [] } },
    { type: 'response.output_item.added', output_index: 0, item: { ...output, content: [] } },
    { type: 'response.content_part.added', ...place, part: { type: 'output_text', text: '', annotations: [] } },
    { type: 'response.output_text.delta', ...place, delta: 'Hello', logprobs: [] },
    { type: 'response.output_text.done', ...place, text: 'Hello', logprobs: [] },
    { type: 'response.content_part.done', ...place, part: output.content[0] },
    { type: 'response.output_item.done', output_index: 0, item: output },
    { type: 'response.completed', response: { ...response(id), usage: responsesUsage } },
  ];
}

const chunk = (choices: readonly object[], more: object = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_790_000_000,
  model: 'the-model',
  choices,
  ...more,
});
const CHUNKS = [
  chunk([{ index: 0, delta: { role: 'assistant', content: 'Hello' }, finish_reason: null }]),
  chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
  chunk([], { usage: chatUsage }),
];

const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'the-model', stop_sequence: null };
const MESSAGE_EVENTS = [
  {
    type: 'message_start',
    message: { ...message, content: [], stop_reason: null, usage: { ...anthropicUsage, output_tokens: 1 } },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 20 } },
  { type: 'message_stop' },
];

const named = (events: readonly object[]): string =>
  events.map((event) => `event: ${'type' in event ? event.type : ''}\ndata: ${JSON.stringify(event)}\n\n`).join('');

/** What a path answers: streamed, and in one piece. */
const ANSWERS: Readonly<Record<string, readonly [stream: string, whole: object]>> = {
  '/responses': [named(responsesEvents('resp_1')), { ...response('resp_1'), usage: responsesUsage }],
  '/chat/completions': [
    `${CHUNKS.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('')}data: [DONE]\n\n`,
    {
      ...chunk([{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }]),
      object: 'chat.completion',
      usage: chatUsage,
    },
  ],
  '/v1/messages': [
    named(MESSAGE_EVENTS),
    { ...message, content: [{ type: 'text', text: 'Hello' }], stop_reason: 'end_turn', usage: anthropicUsage },
  ],
};

/** A server of all three APIs, over HTTP and a socket. */
export interface LocalServer {
  readonly url: string;
  readonly socketUrl: string;
  close(): void;
}

export async function startLocalServer(): Promise<LocalServer> {
  const server = createServer(async (request, answer) => {
    const body: string[] = [];
    for await (const piece of request) body.push(String(piece));
    const [stream, whole] = ANSWERS[String(request.url).split('?')[0] ?? ''] ?? [];
    const isStreamed = JSON.parse(body.join('') || '{}').stream === true;
    answer.writeHead(whole === undefined ? 404 : 200, {
      'content-type': isStreamed ? 'text/event-stream' : 'application/json',
    });
    answer.end(isStreamed ? stream : JSON.stringify(whole ?? {}));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    let sent = 0;
    socket.on('message', () => {
      sent += 1;
      for (const event of responsesEvents(`resp_${sent}`)) socket.send(JSON.stringify(event));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    socketUrl: `ws://127.0.0.1:${port}`,
    close: () => {
      sockets.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
