import { isLogExportTarget, isTraceSafeTarget } from '@codex-otel/config';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { SessionTelemetry } from '../src/index.ts';
import { metadata, sessionFixture } from './session-fixture.ts';

afterEach(() => {
  jest.restoreAllMocks();
  context.disable();
});

describe('log records of a session', () => {
  it('case 44: have the scope of log-only targets, INFO, a real time and the event as their name', () => {
    const { session, records } = sessionFixture();
    const now = 1_790_000_000_123;
    jest.spyOn(Date, 'now').mockReturnValueOnce(now);
    session.recordTurnTtft({ durationMillis: 1 });
    const [record] = records();
    expect(record?.instrumentationScope.name).toBe('codex_otel.log_only');
    expect([record?.severityNumber, record?.severityText]).toEqual([9, 'INFO']);
    expect(record?.eventName).toBe('codex.turn_ttft');
    expect(record?.body).toBeUndefined();
    expect(record?.hrTime).toEqual([1_790_000_000, 123_000_000]);
    expect(record?.attributes['event.timestamp']).toBe(new Date(now).toISOString());
  });

  it('name the active span, and the event goes to it', () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const fixture = sessionFixture();
    context.with(fixture.context, () => {
      fixture.session.recordTurnTtft({ durationMillis: 1 });
      fixture.session.logSseEvent({ event: { type: 'response.created' }, durationMillis: 1 });
    });
    const { traceId, spanId } = fixture.span.spanContext();
    for (const record of fixture.records()) expect(record.spanContext).toMatchObject({ traceId, spanId });
    expect(fixture.records()).toHaveLength(2);
    expect(fixture.events()).toHaveLength(1);
  });

  it('name the span of a given context without a context manager', () => {
    const fixture = sessionFixture();
    fixture.session.logSseEvent({ event: { type: 'response.created' }, durationMillis: 1 }, fixture.context);
    expect(fixture.records()[0]?.spanContext?.spanId).toBe(fixture.span.spanContext().spanId);
  });

  it('are made without a span too, and nothing is added to a span that has ended', () => {
    const fixture = sessionFixture();
    fixture.session.recordTurnTtft({ durationMillis: 1 });
    fixture.span.end();
    fixture.session.recordTurnTtft({ durationMillis: 1 }, fixture.context);
    expect(fixture.records()).toHaveLength(2);
    expect(fixture.records()[0]?.spanContext).toBeUndefined();
    expect(fixture.events()).toEqual([]);
  });

  it('leave out the user if none is signed in', () => {
    const { session, logs } = sessionFixture({ authMode: undefined, accountId: undefined, accountEmail: undefined });
    session.recordTurnTtft({ durationMillis: 1 });
    expect(Object.keys(logs()[0] ?? {})).toEqual([
      'event.name',
      'duration_ms',
      'conversation.id',
      'app.version',
      'originator',
      'terminal.type',
      'model',
      'slug',
    ]);
  });

  it('each have an attributes object of their own, which a host may keep', () => {
    const { session, records } = sessionFixture();
    session.logSseEvent({ event: { type: 'response.created' }, durationMillis: 1 });
    session.logSseEvent({ event: { type: 'response.completed' }, durationMillis: 2 });
    expect(records().map(({ attributes }) => attributes['event.kind'])).toEqual([
      'response.created',
      'response.completed',
    ]);
  });

  it('ask again whether a logger that is off is on, and make no attributes for it', () => {
    let on = false;
    const emitted: unknown[] = [];
    const logger = { enabled: () => on, emit: (record: unknown) => void emitted.push(record) };
    const session = new SessionTelemetry(metadata, { logger });
    session.recordTurnTtft({ durationMillis: 1 });
    on = true;
    session.recordTurnTtft({ durationMillis: 1 });
    expect(emitted).toHaveLength(1);
  });
});

describe('routing of a session’s telemetry', () => {
  it('case 43: log records have a target of the logs, span events one of the traces', () => {
    const { session, context: inSpan, records, events } = sessionFixture();
    session.recordTurnTtft({ durationMillis: 1 }, inSpan);
    const scope = records()[0]?.instrumentationScope.name ?? '';
    const target = String(events()[0]?.target);
    expect([isLogExportTarget(scope), isTraceSafeTarget(scope)]).toEqual([true, false]);
    expect([isLogExportTarget(target), isTraceSafeTarget(target)]).toEqual([false, true]);
  });

  it('case 60: a session that starts and asks has a record of both', async () => {
    const { session, logs } = sessionFixture();
    session.conversationStarts({
      providerName: 'OpenAI',
      reasoningSummary: 'auto',
      approvalPolicy: 'never',
      sandboxPolicy: 'read-only',
      mcpServers: [],
    });
    await session.logRequest(1, () => ({ status: 200 }));
    expect(logs().map((log) => log['event.name'])).toEqual(['codex.conversation_starts', 'codex.api_request']);
  });
});

describe('a session without sinks', () => {
  it('still puts its events on the active span, failures of a stream among them', () => {
    const { context: inSpan, events } = sessionFixture();
    const session = new SessionTelemetry(metadata);
    session.recordTurnTtft({ durationMillis: 1 }, inSpan);
    session.logSseEvent({ event: { type: 'response.created' }, durationMillis: 1 }, inSpan);
    session.logSseEvent({ event: { type: 'response.failed' }, durationMillis: 1 }, inSpan);
    session.logSseEvent({ event: { type: 'a' }, eventName: 'response.failed', durationMillis: 1 }, inSpan);
    session.logSseEvent({ error: new Error('reset'), durationMillis: 1 }, inSpan);
    expect(events().map((event) => [event['event.name'], event['event.kind']])).toEqual([
      ['codex.turn_ttft', undefined],
      ['codex.sse_event', 'response.failed'],
      ['codex.sse_event', 'response.failed'],
      ['codex.sse_event', 'unknown'],
    ]);
  });
});

describe('tool_result_seq', () => {
  it('case 55: counts over all sessions of the process', () => {
    const [one, two] = [sessionFixture(), sessionFixture()];
    const tool = { toolName: 't', callId: 'c', arguments: '', output: '', success: true, durationMillis: 1 };
    one.session.toolResult(tool);
    two.session.toolResult(tool);
    one.session.toolResult(tool);
    const [first, third] = one.logs().map((log) => Number(log.tool_result_seq));
    const [second] = two.logs().map((log) => Number(log.tool_result_seq));
    expect([second, third]).toEqual([Number(first) + 1, Number(first) + 2]);
  });
});

describe('skillInvocation', () => {
  it('records an implicit use once for each skill and turn, an explicit one each time', () => {
    const { session, logs } = sessionFixture();
    const implicit = { skillName: 'a', turnId: 't1', skillInvocationType: 'implicit' } as const;
    session.skillInvocation(implicit);
    session.skillInvocation(implicit);
    session.skillInvocation({ ...implicit, turnId: 't2' });
    session.skillInvocation({ ...implicit, skillInvocationType: 'explicit' });
    expect(logs().map((log) => [log['turn.id'], log['skill.invocation_type']])).toEqual([
      ['t1', 'implicit'],
      ['t2', 'implicit'],
      ['t1', 'explicit'],
    ]);
  });
});
