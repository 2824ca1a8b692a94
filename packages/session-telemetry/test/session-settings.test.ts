import { describe, expect, it } from '@jest/globals';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { SessionTelemetry } from '../src/index.ts';
import { metadata, sessionFixture } from './session-fixture.ts';

const delta = { event: { type: 'response.output_text.delta' }, durationMillis: 3 };
const created = { event: { type: 'response.created' }, durationMillis: 3 };

describe('logSseDeltas', () => {
  it.each([
    [undefined, ['response.output_text.delta', 'response.created']],
    [true, ['response.output_text.delta', 'response.created']],
    [false, ['response.created']],
  ])('%s leaves the records of %j, and every metric', (logSseDeltas, kinds) => {
    const { session, logs, metrics } = sessionFixture({ logSseDeltas });
    session.logSseEvent(delta);
    session.logSseEvent(created);
    expect(logs().map((log) => log['event.kind'])).toEqual(kinds);
    expect(metrics.calls.map(({ tags }) => tags.kind)).toEqual([
      'response.output_text.delta',
      'response.output_text.delta',
      'response.created',
      'response.created',
    ]);
  });

  it('false still has the record of a delta that could not be read', () => {
    const { session, logs } = sessionFixture({ logSseDeltas: false });
    session.logSseEvent({ eventName: 'response.output_text.delta', data: 'not-json', durationMillis: 3 });
    expect(logs()).toHaveLength(1);
  });
});

describe('agentCommunication', () => {
  it('has a scope of its own if a logger can be made for it', () => {
    const exporter = new InMemoryLogRecordExporter();
    const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
    const sinks = {
      logger: provider.getLogger('codex_otel.log_only'),
      loggerFor: (target: string) => provider.getLogger(target),
    };
    const session = new SessionTelemetry(metadata, sinks);
    session.agentCommunicationState({ communicationId: 'm', state: 'receive' });
    session.logSseEvent(created);
    session.withModel('other', 'other').agentCommunicationState({ communicationId: 'm', state: 'receive' });
    expect(exporter.getFinishedLogRecords().map((record) => record.instrumentationScope.name)).toEqual([
      'codex_otel.agent_communication',
      'codex_otel.log_only',
      'codex_otel.agent_communication',
    ]);
  });
});

describe('root.turn.id', () => {
  it.each([
    [undefined, 'turn-1'],
    ['turn-0', 'turn-0'],
  ])('of an answer with the root turn %s is %s', (rootTurnId, sent) => {
    const { session, logs } = sessionFixture({ logAgentResponses: true });
    session.agentResponse({ turnId: 'turn-1', itemId: 'item-1', response: 'done', rootTurnId });
    expect(logs()[0]?.['root.turn.id']).toBe(sent);
  });
});
