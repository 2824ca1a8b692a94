import type { SpanAttribute, SpanDefinition } from '@codex-otel/token-usage';
import { spanAttributes } from '@codex-otel/token-usage';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { GenAiMode } from '../../src/turn/gen-ai/gen-ai.ts';
import { genAiSpans } from '../../src/turn/gen-ai/gen-ai-span-definitions.ts';
import { startSessionTurn } from '../../src/turn/recorded-turn.ts';
import type { SessionTurnOptions } from '../../src/turn/session-turn.ts';
import {
  handleResponsesAttributes,
  requestQueueSpan,
  samplingSpan,
  sessionSpans,
  toolBlockingSpan,
  turnStartSpan,
} from '../../src/turn/span-definitions.ts';
import { fakeSession } from './fake-session.ts';

const usage = {
  input_tokens: 10,
  input_tokens_details: { cached_tokens: 4, cache_write_tokens: 1 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 15,
};

async function* events(...last: readonly object[]) {
  yield { type: 'response.created', response: { id: 'resp_1' } };
  yield { type: 'response.output_item.added', item: { type: 'function_call', name: 'shell' } };
  yield* last as readonly { readonly type: string }[];
}

/** A request with every parameter. */
const request = {
  text: { format: { type: 'json_schema' } },
  reasoning: { effort: 'high' },
  previous_response_id: 'resp_0',
  temperature: 0.5,
  top_p: 0.9,
  top_k: 5,
  max_output_tokens: 100,
  frequency_penalty: 0.1,
  presence_penalty: 0.2,
  seed: 7,
  n: 2,
  service_tier: 'flex',
};

/** The spans of turns in which everything is known, and of one in which everything fails. */
async function spansOfEverything(genAi: GenAiMode): Promise<readonly ReadableSpan[]> {
  const { session, spans } = fakeSession();
  const startTurn = (options: Partial<SessionTurnOptions> = {}) =>
    startSessionTurn({ ...session, genAi, agentName: 'coder' }, { turnId: 'turn-1', ...options });
  const turn = startTurn({
    genAiServer: 'https://user:key@api.example.com/v1?key=1',
    helper: true,
    parentConversationId: 'parent-1',
    rootTurnId: 'turn-0',
    reasoningEffort: 'high',
  });
  const completed = {
    type: 'response.completed',
    response: { id: 'resp_1', model: 'gpt-5.6-sol', service_tier: 'flex', usage },
  };
  const compaction = { type: 'response.output_item.done', item: { type: 'compaction' } };
  for await (const _ of turn.observeResponse(events(compaction, completed), { request }));
  turn.recordResponse({ object: 'chat.completion', choices: [{ finish_reason: 'stop', message: {} }] });
  await turn.tool({ toolName: 'shell', callId: 'call_1', arguments: '{}' }, () => '');
  const answer = { _meta: { 'codex/telemetry': { span: { target_id: 't', did_trigger_server_user_flow: true } } } };
  const call = { serverName: 'docs', toolName: 'search', callId: 'call_2', serverOrigin: 'https://example.com/mcp' };
  await turn.mcpToolCall(call, () => answer);
  turn.end();

  // Interrupted by another response and ended after it, so its usage is late.
  const interrupted = startTurn();
  const begun = { type: 'response.created', response: { id: 'resp_2' } };
  for await (const _ of interrupted.observeResponse(
    events(begun, completed, { ...completed, response: { ...completed.response, id: 'resp_2' } }),
  ));
  interrupted.end();

  const failing = startTurn();
  const failed = { type: 'response.failed', response: { error: { code: 'rate_limit_exceeded' } } };
  for await (const _ of failing.observeResponse(events(failed)));
  const fail = (): never => {
    throw Object.assign(new Error('secret'), { code: -32_000 });
  };
  const unread = async function* () {
    yield { type: 'of no API' };
  };
  for await (const _ of failing.observeResponse(unread()));
  await failing.tool({ toolName: 'shell', callId: 'call_1', arguments: '{}' }, fail).catch(() => undefined);
  await failing.mcpToolCall({ ...call, serverOrigin: 'stdio' }, fail).catch(() => undefined);
  failing.end({ error: new Error('secret') });

  const killed = startTurn();
  const never = new Promise<never>(() => {});
  void killed.tool({ toolName: 'shell', callId: 'call_1', arguments: '{}' }, () => never);
  void killed.mcpToolCall(call, () => never);
  endWithProcess();
  return spans();
}

/** What happens to turns that are open when the process ends. */
function endWithProcess(): void {
  const turns: unknown = Reflect.get(globalThis, Symbol.for('@codex-otel/open-turns.v1'));
  if (turns instanceof Set) for (const end of [...turns]) end({ status: 'aborted' });
}

type Definitions = readonly SpanDefinition[];

function definitionOf(definitions: Definitions, name: string): SpanDefinition {
  const generic = name.replace(/^session_task\..*/, 'session_task.*').replace(/^(\S+) .*/, '$1 *');
  const found = definitions.find((each) => each.name === generic);
  if (found === undefined) throw new Error(`${name} is not defined`);
  return found;
}

function tableOf(definition: SpanDefinition): Readonly<Record<string, SpanAttribute>> {
  return Object.assign({}, ...definition.attributes);
}

function typeOf(value: unknown, expected: SpanAttribute['type'] | undefined): SpanAttribute['type'] | 'other' {
  // JavaScript cannot distinguish a double without a fraction.
  if (expected === 'double' && typeof value === 'number') return 'double';
  if (Array.isArray(value)) return 'string[]';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  return Number.isSafeInteger(value) ? 'int' : 'other';
}

describe.each<[GenAiMode, Definitions]>([
  ['attributes', sessionSpans],
  ['spans', [...genAiSpans, samplingSpan, toolBlockingSpan, turnStartSpan, requestQueueSpan]],
])('the definitions of spans, with genAi: %s', (genAi, definitions) => {
  let spans: readonly ReadableSpan[];
  beforeAll(async () => {
    spans = await spansOfEverything(genAi);
  });

  it('name every span that is made, with its kind', () => {
    const kinds = { client: SpanKind.CLIENT, server: SpanKind.SERVER, internal: SpanKind.INTERNAL };
    for (const { name, kind } of spans)
      expect([name, kind]).toEqual([name, kinds[definitionOf(definitions, name).kind ?? 'internal']]);
    expect(new Set(spans.map(({ name }) => definitionOf(definitions, name)))).toEqual(new Set(definitions));
  });

  it('name every attribute of a span with its type; those without `absent` are always set', () => {
    for (const { name, attributes } of spans) {
      const table = tableOf(definitionOf(definitions, name));
      for (const [key, value] of Object.entries(attributes))
        expect([name, key, table[key]?.type]).toEqual([name, key, typeOf(value, table[key]?.type)]);
      const required = Object.keys(table).filter((key) => table[key]?.absent === undefined);
      expect([name, Object.keys(attributes)]).toEqual([name, expect.arrayContaining(required)]);
    }
  });

  it.each(definitions.flatMap((span) => Object.keys(tableOf(span)).map((key) => [span.name, key] as const)))(
    '%s: something sets %s',
    (name, key) => {
      const made = spans.filter((span) => definitionOf(definitions, span.name).name === name);
      expect(made.some(({ attributes }) => key in attributes)).toBe(true);
    },
  );
});

// Compiled by `typecheck`: each line below must not compile without its comment.
export const refused: () => readonly unknown[] = () => [
  spanAttributes(handleResponsesAttributes, { 'codex.response.event': 'created' }),
  // @ts-expect-error an undeclared attribute
  spanAttributes(handleResponsesAttributes, { 'codex.response.evnet': 'created' }),
  // @ts-expect-error a wrong type
  spanAttributes(handleResponsesAttributes, { 'codex.response.event': 1 }),
];
