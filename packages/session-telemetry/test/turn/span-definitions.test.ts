import { type SpanAttribute, type SpanDefinition, spanAttributes } from '@codex-otel/token-usage';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { handleResponsesAttributes, sessionSpans } from '../../src/turn/span-definitions.ts';
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

/** The spans of turns in which everything is known, and of one in which all fails. */
async function spansOfEverything(): Promise<readonly ReadableSpan[]> {
  const { startTurn, spans } = fakeSession();
  const turn = startTurn({
    genAiAttributes: true,
    helper: true,
    parentConversationId: 'parent-1',
    rootTurnId: 'turn-0',
    reasoningEffort: 'high',
  });
  const completed = { type: 'response.completed', response: { id: 'resp_1', model: 'gpt-5.6-sol', usage } };
  for await (const _ of turn.observeResponse(events(completed)));
  turn.recordResponse({ object: 'chat.completion', choices: [{ finish_reason: 'stop', message: {} }] });
  await turn.tool({ toolName: 'shell', callId: 'call_1', arguments: '{}' }, () => '');
  const answer = { _meta: { 'codex/telemetry': { span: { target_id: 't', did_trigger_server_user_flow: true } } } };
  const call = { serverName: 'docs', toolName: 'search', callId: 'call_2', serverOrigin: 'https://example.com/mcp' };
  await turn.mcpToolCall(call, () => answer);
  turn.end();

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

function definitionOf(name: string): SpanDefinition {
  const found = sessionSpans.find((each) => each.name === name.replace(/^session_task\..*/, 'session_task.*'));
  if (found === undefined) throw new Error(`${name} is not defined`);
  return found;
}

function tableOf(definition: SpanDefinition): Readonly<Record<string, SpanAttribute>> {
  return Object.assign({}, ...definition.attributes);
}

function typeOf(value: unknown, expected: SpanAttribute['type'] | undefined): SpanAttribute['type'] | 'other' {
  // JavaScript cannot tell a double that has no fraction.
  if (expected === 'double' && typeof value === 'number') return 'double';
  if (Array.isArray(value)) return 'string[]';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  return Number.isSafeInteger(value) ? 'int' : 'other';
}

describe('the definitions of spans', () => {
  let spans: readonly ReadableSpan[];
  beforeAll(async () => {
    spans = await spansOfEverything();
  });

  it('name every span that is made, with its kind', () => {
    const kinds = { client: SpanKind.CLIENT, server: SpanKind.SERVER, internal: SpanKind.INTERNAL };
    for (const { name, kind } of spans)
      expect([name, kind]).toEqual([name, kinds[definitionOf(name).kind ?? 'internal']]);
    expect(new Set(spans.map(({ name }) => definitionOf(name)))).toEqual(new Set(sessionSpans));
  });

  it('name every attribute that a span has, with its type, and none that a span must have and lacks', () => {
    for (const { name, attributes } of spans) {
      const table = tableOf(definitionOf(name));
      for (const [key, value] of Object.entries(attributes))
        expect([name, key, table[key]?.type]).toEqual([name, key, typeOf(value, table[key]?.type)]);
      const required = Object.keys(table).filter((key) => table[key]?.absent === undefined);
      expect([name, Object.keys(attributes)]).toEqual([name, expect.arrayContaining(required)]);
    }
  });

  it.each(sessionSpans.flatMap((span) => Object.keys(tableOf(span)).map((key) => [span.name, key] as const)))(
    '%s: something sets %s',
    (name, key) => {
      const made = spans.filter((span) => definitionOf(span.name).name === name);
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
