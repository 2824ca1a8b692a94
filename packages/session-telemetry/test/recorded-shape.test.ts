import { describeIfPresent, recordedCodexTelemetry, recordingsPresent } from '@codex-otel/testing';
import { expect, it } from '@jest/globals';
import type { Attributes } from '@opentelemetry/api';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { SessionMetadata, SessionTelemetry } from '../src/index.ts';
import { property } from '../src/property.ts';
import { sessionFixture } from './session-fixture.ts';

/** Type and value of an attribute as OTLP writes them: `intValue` → decimal text. */
type Wire = readonly [type: string, value: unknown];
/** Attributes in their order. */
type Entries = readonly (readonly [key: string, wire: Wire])[];

/** What a recording has and we deliberately do not. */
const notOurs = new Set(['code.file.path', 'code.module.name', 'code.line.number']);
/** What we deliberately have in addition. */
const ours = new Set([
  'codex.response.event',
  'codex.response.receive_wait_ms', // of Codex since 0.171
  'codex.turn.outcome',
  'session_init.ephemeral',
  'gen_ai.response.id',
  'gen_ai.conversation.id',
  'gen_ai.response.model',
]);

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The attributes of a recorded thing, in their order. */
function recorded(thing: unknown): Entries {
  return list(property(thing, 'attributes')).flatMap((attribute): (readonly [string, Wire])[] => {
    const [typed] = Object.entries(Object(property(attribute, 'value')));
    return typed === undefined ? [] : [[String(property(attribute, 'key')), [typed[0], typed[1]]]];
  });
}

function wire(attributes: Attributes): Entries {
  return Object.entries(attributes).map(([key, value]) => {
    if (typeof value === 'boolean') return [key, ['boolValue', value]];
    if (typeof value === 'number') return [key, ['intValue', String(value)]];
    return [key, ['stringValue', value]];
  });
}

function valueAt(entries: Entries, key: string): string {
  return String(entries.findLast(([name]) => name === key)?.[1][1]);
}

function has(entries: Entries, key: string): boolean {
  return entries.some(([name]) => name === key);
}

/** The metadata of the recorded session. */
function metadataOf(entries: Entries): Partial<SessionMetadata> {
  const authMode = valueAt(entries, 'auth_mode');
  return {
    conversationId: valueAt(entries, 'conversation.id'),
    appVersion: valueAt(entries, 'app.version'),
    originator: valueAt(entries, 'originator'),
    terminalType: valueAt(entries, 'terminal.type'),
    model: valueAt(entries, 'model'),
    slug: valueAt(entries, 'slug'),
    authMode: authMode === 'Chatgpt' || authMode === 'ApiKey' ? authMode : undefined,
    accountId: undefined,
    accountEmail: undefined,
  };
}

/** The call that makes a recorded `codex.sse_event`. */
function recordSse(session: SessionTelemetry, entries: Entries): void {
  const value = (key: string): string => valueAt(entries, key);
  if (has(entries, 'input_token_count')) {
    session.sseEventCompleted({
      inputTokenCount: Number(value('input_token_count')),
      outputTokenCount: Number(value('output_token_count')),
      cachedTokenCount: Number(value('cached_token_count')),
      cacheWriteTokenCount: Number(value('cache_write_token_count')),
      reasoningTokenCount: Number(value('reasoning_token_count')),
      toolTokenCount: Number(value('tool_token_count')),
    });
  } else if (has(entries, 'error.message')) {
    session.sseEventCompletedFailed({ errorMessage: value('error.message') });
  } else {
    session.logSseEvent({ event: { type: value('event.kind') }, durationMillis: Number(value('duration_ms')) });
  }
}

const withoutTime = (entries: Entries) =>
  entries.map(([key, value]) => (key === 'event.timestamp' ? [key, [value[0], 'a time']] : [key, value]));

describeIfPresent('telemetry that Codex recorded', recordingsPresent, () => {
  const recordedLogs = (): readonly unknown[] =>
    list(property(recordedCodexTelemetry('codex-0.158.0.logs.json'), 'resourceLogs'))
      .flatMap((resource) => list(property(resource, 'scopeLogs')))
      .flatMap((scope) => list(property(scope, 'logRecords')));
  const recordedSpans = (): readonly unknown[] =>
    list(property(recordedCodexTelemetry('codex-0.154.0-helper-thread.spans.json'), 'spans'));

  it('has the same log records as ours: keys, their order, types and values', () => {
    const records = recordedLogs();
    expect(records.length).toBeGreaterThanOrEqual(4);
    for (const record of records) {
      const theirs = recorded(record);
      const { session, records: made } = sessionFixture(metadataOf(theirs));
      recordSse(session, theirs);
      const [mine] = made();
      expect(withoutTime(wire(Object(mine?.attributes)))).toEqual(withoutTime(theirs));
      expect(mine?.severityNumber).toBe(property(record, 'severityNumber'));
      expect(mine?.severityText).toBe(property(record, 'severityText'));
    }
  });

  it('has the same span events as ours', () => {
    const events = recordedSpans().flatMap((span) => list(property(span, 'events')));
    expect(events.length).toBeGreaterThanOrEqual(2);
    for (const event of events) {
      const theirs = recorded(event).filter(([key]) => !notOurs.has(key));
      const fixture = sessionFixture(metadataOf(theirs));
      fixture.session.recordStartupPhase(
        {
          startupPhase: valueAt(theirs, 'startup.phase'),
          startupStatus: valueAt(theirs, 'startup.status'),
          durationMillis: Number(valueAt(theirs, 'duration_ms')),
        },
        fixture.context,
      );
      fixture.span.end();
      const [mine] = finishedEvents(fixture.span);
      expect(withoutTime(wire(Object(mine)))).toEqual(withoutTime(theirs));
    }
  });

  it('has the same turns and responses as ours', async () => {
    const spans = recordedSpans();
    const turns = spans.filter((span) => property(span, 'name') === 'session_task.turn').map(ownAttributes);
    const responses = spans.filter((span) => property(span, 'name') === 'handle_responses').map(ownAttributes);
    expect([turns.length, responses.length]).toEqual([2, 1]);
    for (const theirs of turns) {
      const made = await runTurn(theirs, usageOfTurn(theirs));
      expect(made('session_task.turn').filter(([key]) => !ours.has(key))).toEqual(theirs);
    }
    for (const theirs of responses) {
      const effort = valueAt(theirs, 'codex.request.reasoning_effort');
      const turnLike: Entries = [['codex.turn.reasoning_effort', ['stringValue', effort]]];
      const made = await runTurn(turnLike, {
        input_tokens: Number(valueAt(theirs, 'gen_ai.usage.input_tokens')),
        output_tokens: Number(valueAt(theirs, 'gen_ai.usage.output_tokens')),
        input_tokens_details: { cached_tokens: Number(valueAt(theirs, 'gen_ai.usage.cache_read.input_tokens')) },
        output_tokens_details: { reasoning_tokens: Number(valueAt(theirs, 'codex.usage.reasoning_output_tokens')) },
        total_tokens: Number(valueAt(theirs, 'codex.usage.total_tokens')),
      });
      const mine = made('handle_responses').filter(([key]) => !ours.has(key));
      expect(new Map(mine)).toEqual(new Map(theirs));
    }
  });

  it('has, in an older version, the same turn as ours, except for cache writes, which it did not count', async () => {
    const span = recordedCodexTelemetry('codex-0.137-session_task_turn.span.json');
    // What the tracing library of that version added, and later ones do not.
    const added = new Set([...notOurs, 'target', 'thread.name', 'busy_ns', 'idle_ns']);
    const theirs = wire(Object(property(span, 'attributes'))).filter(([key]) => !added.has(key));
    const made = await runTurn(theirs, usageOfTurn(theirs));
    const newer = new Set([...ours, 'codex.turn.token_usage.cache_write_input_tokens']);
    expect(made('session_task.turn').filter(([key]) => !newer.has(key))).toEqual(theirs);
  });

  // We make no other spans of the app server (`thread/start`, and the requests of other turns), since agents of this
  // project have no such server. The turn of a helper thread has the two by which readers recognise it.
  it('has all of our requests of a helper thread', async () => {
    const spans = recordedSpans();
    const isHelper = (span: unknown) =>
      valueAt(recorded(span), 'rpc.request_id').startsWith('temporary-structured-turn');
    const request = spans.find((span) => property(span, 'name') === 'turn/start' && isHelper(span));
    const turnId = valueAt(recorded(request), 'turn.id');
    const turn = spans.find(
      (span) => property(span, 'name') === 'session_task.turn' && valueAt(recorded(span), 'turn.id') === turnId,
    );
    const made = await runTurn(ownAttributes(turn), usageOfTurn(ownAttributes(turn)), { helper: true });
    const ofServer = (key: string) => key.startsWith('app_server.');
    const withoutNumber = ([key, [type, value]]: Entries[number]) => [
      key,
      [type, key === 'rpc.request_id' ? String(value).replace(/^(temporary-structured-turn-).+$/, '$1') : value],
    ];
    expect(made('turn/start').map(withoutNumber)).toEqual(
      ownAttributes(request)
        .filter(([key]) => !ofServer(key))
        .map(withoutNumber),
    );
    const queue = spans.find((span) => property(span, 'name') === 'app_server.serialized_request_queue');
    expect(made('app_server.serialized_request_queue')).toEqual(ownAttributes(queue));
    const persistence = spans.find((span) => property(span, 'name') === 'session_init.thread_persistence');
    expect(made('session_task.turn')).toEqual(expect.arrayContaining([...ownAttributes(persistence)]));
    expect(made.kindOf('turn/start')).toBe(property(request, 'kind'));
    expect(made.kindOf('session_task.turn')).toBe(property(turn, 'kind'));
  });
});

/** The usage of one response that gives a turn these attributes. */
function usageOfTurn(turn: Entries): object {
  const tokens = (name: string) => Number(valueAt(turn, `codex.turn.token_usage.${name}`));
  return {
    input_tokens: tokens('input_tokens'),
    input_tokens_details: { cached_tokens: tokens('cached_input_tokens') },
    output_tokens: tokens('output_tokens'),
    output_tokens_details: { reasoning_tokens: tokens('reasoning_output_tokens') },
    total_tokens: tokens('total_tokens'),
  };
}

/** A recorded span's own attributes: without those of its thread and its place in the code. */
function ownAttributes(span: unknown): Entries {
  const foreign = new Set([...notOurs, 'target']);
  return recorded(span).filter(([key, [type]]) => !foreign.has(key) && !(key === 'thread.id' && type === 'intValue'));
}

/** The spans of a turn, by their name. */
interface MadeSpans {
  (name: string): Entries;
  /** As OTLP numbers the kinds. */
  kindOf(name: string): number;
}

/** Runs a turn with one response of this usage. */
async function runTurn(
  turnAttributes: Entries,
  usage: object,
  options?: { readonly helper: boolean },
): Promise<MadeSpans> {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const { session } = sessionFixture();
  const turn = session.startTurn({
    tracer: provider.getTracer('codex_cli_rs'),
    threadId: valueAt(turnAttributes, 'thread.id'),
    turnId: valueAt(turnAttributes, 'turn.id'),
    model: valueAt(turnAttributes, 'model'),
    reasoningEffort: valueAt(turnAttributes, 'codex.turn.reasoning_effort'),
    parent: ROOT_CONTEXT,
    ...options,
  });
  async function* stream() {
    yield { type: 'response.completed', response: { id: 'resp_1', usage } };
  }
  for await (const _ of turn.observeResponse(stream()));
  turn.end();
  const named = (name: string) => exporter.getFinishedSpans().find((span) => span.name === name);
  return Object.assign((name: string) => wire(Object(named(name)?.attributes)), {
    kindOf: (name: string) => (named(name)?.kind ?? Number.NaN) + 1,
  });
}

function finishedEvents(span: unknown): readonly unknown[] {
  return list(property(span, 'events')).map((event) => property(event, 'attributes'));
}
