import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { catalog } from '../scripts/event-catalog.ts';
import { events } from '../src/events/registry.ts';
import { NetworkProxyAudit, SessionTelemetry } from '../src/index.ts';
import { sessionFixture } from './session-fixture.ts';

/** Calls a method as JavaScript can: with anything. */
function callAny(target: object, method: string, ...args: readonly unknown[]): unknown {
  const found: unknown = Reflect.get(target, method);
  if (typeof found !== 'function') throw new Error(`${method} is not a method`);
  return Reflect.apply(found, target, args);
}

/** Methods of recording that take one options object. */
const recorders = Object.keys(events);

const circular: { self?: unknown } = {};
circular.self = circular;
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const refusing = new Proxy(
  {},
  {
    get: () => {
      throw new Error('no');
    },
    ownKeys: () => {
      throw new Error('no');
    },
    getOwnPropertyDescriptor: () => {
      throw new Error('no');
    },
  },
);

const oddities: readonly unknown[] = [
  undefined,
  null,
  0,
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  10n ** 30n,
  '',
  'text',
  '\ud800',
  true,
  Symbol('s'),
  () => 1,
  [],
  [undefined],
  {},
  Object.create(null),
  circular,
  revoked,
  refusing,
  new Date(Number.NaN),
  new Error('x'),
  {
    toString: () => {
      throw new Error('no');
    },
    toJSON: () => {
      throw new Error('no');
    },
  },
];

const options = [...new Set(catalog.flatMap(({ event }) => event.plans.map(({ key }) => key)))].concat([
  'error',
  'errorMessage',
  'errorType',
  'event',
  'data',
  'tags',
  'mcpServers',
  'frame',
]);

/** Attributes that may have a fraction. */
const doubles = new Set(
  catalog.flatMap(({ event }) => event.plans.filter(({ type }) => type === 'double').map(({ name }) => name)),
);

const open = { logUserPrompts: true, logAgentResponses: true, logGuardianAssessments: true } as const;

describe('hostile input', () => {
  it.each(recorders)('%s accepts anything as its options', (method) => {
    const { session, context } = sessionFixture(open);
    for (const odd of oddities) expect(() => callAny(session, method, odd, context)).not.toThrow();
    expect(session.unusableValues).toBeGreaterThan(0);
  });

  it.each(recorders)('%s accepts anything as each of its options', (method) => {
    // Boxed and chosen by number, since fast-check itself inspects the values that it makes.
    const boxed = fc.oneof(
      fc.nat(oddities.length - 1).map((index) => ({ index, value: undefined })),
      fc.anything().map((value) => ({ index: -1, value })),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...options), boxed), (boxes) => {
        const given = Object.fromEntries(
          Object.entries(boxes).map(([key, { index, value }]) => [key, index < 0 ? value : oddities[index]]),
        );
        const { session, context, logs, events } = sessionFixture(open);
        callAny(session, method, given, context);
        for (const attributes of [...logs(), ...events()]) {
          for (const [key, value] of Object.entries(attributes)) {
            expect(['string', 'number', 'boolean']).toContain(typeof value);
            const isUsable = doubles.has(key) ? Number.isFinite : Number.isSafeInteger;
            if (typeof value === 'number') expect(isUsable(value)).toBe(true);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each(recorders)('%s accepts 50 MB of text as each of its options', (method) => {
    const huge = 'x'.repeat(50_000_000);
    const { session, context, logs, events } = sessionFixture(open);
    callAny(session, method, Object.fromEntries(options.map((option) => [option, huge])), context);
    if (method === 'userPrompt') session.userPrompt([{ type: 'text', text: huge }], context);
    for (const attributes of [...logs(), ...events()]) {
      for (const value of Object.values(attributes)) expect(String(value).length).toBeLessThanOrEqual(1_048_576);
    }
  });

  it('leaves out what cannot be used, keeps the rest and counts', () => {
    const { session, context, logs } = sessionFixture();
    const given = {
      callId: 7,
      arguments: '{}',
      output: 'ok',
      success: 'yes',
      durationMillis: Number.NaN,
      get toolName(): string {
        throw new Error('no');
      },
    };
    callAny(session, 'toolResult', given, context);
    expect(logs()[0]).toMatchObject({ 'event.name': 'codex.tool_result', output: 'ok', duration_ms: '0' });
    expect(Object.keys(logs()[0] ?? {})).not.toContain('call_id');
    expect(Object.keys(logs()[0] ?? {})).not.toContain('tool_name');
    expect(Object.keys(logs()[0] ?? {})).not.toContain('success');
    // The name, the id, the success and the duration, and the duration once more for its metric.
    expect(session.unusableValues).toBe(5);
  });

  it('does not pass on the errors of a broken logger, metrics client or span', async () => {
    const boom = () => {
      throw new Error('broken');
    };
    const logger = { emit: boom, enabled: boom };
    const metrics = { counter: boom, histogram: boom, recordDuration: boom, startTimer: boom };
    for (const sinks of [{ logger }, { metrics }, { logger: { ...logger, enabled: () => true }, metrics }]) {
      const session = new SessionTelemetry(sessionMetadata, sinks);
      session.recordTurnTtft({ durationMillis: 1 });
      session.counter('codex.turns', 1);
      session.histogram('codex.turns', 1);
      session.recordDuration('codex.turns', 1);
      session.startTimer('codex.turns').record();
      await session.logRequest(1, () => 1);
      expect(session.unusableValues).toBeGreaterThan(0);
    }
  });

  it('constructs and copies a session from anything', () => {
    for (const odd of oddities) {
      const made: unknown = Reflect.construct(SessionTelemetry, [odd, odd]);
      if (!(made instanceof SessionTelemetry)) throw new Error('no session');
      for (const copy of [
        'withModel',
        'withAuthEnv',
        'withInferenceRequest',
        'withMetricsServiceName',
        'withProductSku',
        'withUserId',
        'withToolResultMaxBytes',
        'withMetrics',
        'withMetricsWithoutMetadataTags',
      ]) {
        const copied = callAny(made, copy, odd, odd);
        if (!(copied instanceof SessionTelemetry)) throw new Error('no session');
        copied.recordTurnTtft({ durationMillis: 1 });
        copied.conversationStarts({
          providerName: 'p',
          reasoningSummary: 'auto',
          approvalPolicy: 'never',
          sandboxPolicy: 'read-only',
          mcpServers: [],
        });
      }
      callAny(made, 'counter', odd, odd, odd);
      callAny(made, 'histogram', odd, odd, odd);
      callAny(made, 'recordDuration', odd, odd, odd);
      callAny(callAny(made, 'startTimer', odd, odd) as object, 'record', odd); // a timer, whatever it was given
      callAny(callAny(made, 'agentResponseLogger', odd) as object, 'record', odd);
      callAny(made, 'recordResponses', odd, odd);
      const audit: unknown = Reflect.construct(NetworkProxyAudit, [odd, odd]);
      callAny(audit as object, 'recordPolicyDecision', odd);
    }
  });

  it('starts a turn from anything', () => {
    const { session } = sessionFixture();
    for (const odd of oddities) callAny(callAny(session, 'startTurn', odd) as object, 'end');
  });
});

const sessionMetadata = {
  conversationId: 'c',
  model: 'm',
  slug: 's',
  originator: 'o',
  terminalType: 't',
  sessionSource: 'cli',
  appVersion: '1',
};
