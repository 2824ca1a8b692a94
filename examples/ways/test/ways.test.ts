import Anthropic from '@anthropic-ai/sdk';
import type { SessionTurn } from '@codex-otel/session-telemetry';
import { SessionTelemetry } from '@codex-otel/session-telemetry';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import * as aiSdk from '../src/ai-sdk.ts';
import * as anthropicMessages from '../src/anthropic-messages.ts';
import * as chatCompletions from '../src/chat-completions.ts';
import { call } from '../src/mcp-client.ts';
import * as openAiAgents from '../src/openai-agents.ts';
import * as openAiResponses from '../src/openai-responses.ts';
import { requests } from '../src/websocket.ts';
import type { LocalServer } from './local-server.ts';
import { startLocalServer } from './local-server.ts';

let server: LocalServer;
let spans: InMemorySpanExporter;
let logs: InMemoryLogRecordExporter;
let turn: SessionTurn;

beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.close());

beforeEach(() => {
  spans = new InMemorySpanExporter();
  logs = new InMemoryLogRecordExporter();
  const tracers = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
  const loggers = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: logs })] });
  // As an application does that traces more than its turns.
  trace.setGlobalTracerProvider(tracers);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const session = new SessionTelemetry(
    {
      conversationId: '01a09a08-5141-7cf0-b36b-4a52b8f3f8a1',
      model: 'the-model',
      slug: 'the-model',
      originator: 'example',
      terminalType: 'unknown',
      sessionSource: 'cli',
      appVersion: '1.0.0',
    },
    { logger: loggers.getLogger('codex_otel.log_only'), tracer: tracers.getTracer('codex_cli_rs') },
  );
  turn = session.startTurn({ turnId: 'turn-1' });
});
afterEach(() => {
  trace.disable();
  context.disable();
});

const usageCarriers = () =>
  spans
    .getFinishedSpans()
    .filter(({ attributes }) => Object.keys(attributes).some((key) => key.startsWith('gen_ai.usage.')));
const errors = () => logs.getFinishedLogRecords().filter(({ attributes }) => 'error.message' in attributes);

describe('a model that is called by', () => {
  it.each<[string, (url: string) => Promise<void>]>([
    ['openai, Responses, a stream', (url) => openAiResponses.stream(turn, url)],
    ['openai, Responses, its helper', (url) => openAiResponses.helper(turn, url)],
    ['openai, Responses, in one piece', (url) => openAiResponses.whole(turn, url)],
    ['openai, Chat Completions, a stream', (url) => chatCompletions.stream(turn, url)],
    ['openai, Chat Completions, in one piece', (url) => chatCompletions.whole(turn, url)],
    ["Anthropic's SDK, a stream", (url) => anthropicMessages.stream(turn, url)],
    ["Anthropic's SDK, its helper", (url) => anthropicMessages.helper(turn, url)],
    ["Anthropic's SDK, in one piece", (url) => anthropicMessages.whole(turn, url)],
    ['the AI SDK, streamText', (url) => aiSdk.stream(turn, url)],
    ['the AI SDK, generateText', (url) => aiSdk.whole(turn, url)],
    ['@openai/agents over Responses, a stream', (url) => openAiAgents.stream(turn, url)],
    ['@openai/agents over Responses, in one piece', (url) => openAiAgents.whole(turn, url)],
    ['@openai/agents over Chat Completions, a stream', (url) => openAiAgents.stream(turn, url, false)],
    ['@openai/agents over Chat Completions, in one piece', (url) => openAiAgents.whole(turn, url, false)],
  ])('%s has its usage on one span, and no failure', async (_way, use) => {
    await turn.run(() => use(server.url));
    expect(turn.end()).toMatchObject({ inputTokens: 100, cachedInputTokens: 64, outputTokens: 20, totalTokens: 120 });
    expect(usageCarriers().map(({ name }) => name)).toEqual(['handle_responses']);
    const receiving = spans.getFinishedSpans().filter(({ name }) => name === 'receiving_stream');
    expect(receiving.map(({ status }) => status.code)).toEqual([SpanStatusCode.UNSET]);
    expect(errors()).toEqual([]);
  });

  it('ws has the usage of each response of the socket', async () => {
    await requests(turn, server.socketUrl, 2);
    expect(turn.end().totalTokens).toBe(240);
    expect(usageCarriers().map(({ name }) => name)).toEqual(['handle_responses', 'handle_responses']);
    expect(errors()).toEqual([]);
  });
});

it("Anthropic's SDK makes its own spans with the usage, unless it is told not to", async () => {
  const anthropic = new Anthropic({ apiKey: 'key', baseURL: server.url });
  const ask = { model: 'the-model', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Say hello.' }] };
  await turn.run(() => turn.observeResponse(() => anthropic.messages.create(ask)));
  turn.end();
  expect(usageCarriers()).toHaveLength(2);
});

it.each([
  ['search', 'true'],
  ['fail', 'false'],
])("the result of an MCP server's tool %s counts as success: %s", async (tool, success) => {
  const mcp = new McpServer({ name: 'docs', version: '1.0.0' });
  mcp.registerTool('search', {}, () => ({ content: [{ type: 'text', text: 'found' }] }));
  mcp.registerTool('fail', {}, () => ({ content: [{ type: 'text', text: 'no' }], isError: true }));
  const client = new Client({ name: 'agent', version: '1.0.0' });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await Promise.all([mcp.connect(theirs), client.connect(ours)]);
  await call(turn, client, tool);
  turn.end();
  await client.close();
  const results = logs
    .getFinishedLogRecords()
    .filter(({ attributes }) => attributes['event.name'] === 'codex.tool_result');
  expect(results.map(({ attributes }) => attributes.success)).toEqual([success]);
});
