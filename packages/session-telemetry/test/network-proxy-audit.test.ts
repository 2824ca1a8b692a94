import { OTEL_NETWORK_PROXY_TARGET } from '@codex-otel/config';
import { afterEach, describe, expect, it } from '@jest/globals';
import { context } from '@opentelemetry/api';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { BaselinePolicy, DeciderAnswer, NetworkPolicyDecisionOptions } from '../src/index.ts';
import { domainPolicyDecision, NetworkProxyAudit } from '../src/index.ts';
import { logTail, metadata, sessionFixture } from './session-fixture.ts';

afterEach(() => context.disable());

const decision: NetworkPolicyDecisionOptions = {
  ...domainPolicyDecision({ kind: 'allowed' }),
  networkTransportProtocol: 'https_connect',
  serverAddress: 'example.com',
  serverPort: 443,
};

function audit(who: Partial<typeof metadata>) {
  const exporter = new InMemoryLogRecordExporter();
  const loggers = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
  const made = new NetworkProxyAudit(who, { logger: loggers.getLogger(OTEL_NETWORK_PROXY_TARGET) });
  return { made, records: () => exporter.getFinishedLogRecords() };
}

describe('domainPolicyDecision', () => {
  const allowed: BaselinePolicy = { kind: 'allowed' };
  const notListed: BaselinePolicy = { kind: 'blocked', reason: 'not_allowed' };
  const local: BaselinePolicy = { kind: 'blocked', reason: 'not_allowed_local' };
  const denied: BaselinePolicy = { kind: 'blocked', reason: 'denied' };

  it.each<[BaselinePolicy, DeciderAnswer | undefined, string, string, string, boolean]>([
    [allowed, undefined, 'allow', 'baseline_policy', 'allow', false],
    [allowed, { decision: 'deny', reason: 'no' }, 'allow', 'baseline_policy', 'allow', false],
    [notListed, { decision: 'allow' }, 'allow', 'decider', 'not_allowed', true],
    [notListed, { decision: 'deny', reason: 'no' }, 'deny', 'decider', 'no', false],
    [notListed, { decision: 'ask', reason: '' }, 'ask', 'decider', 'policy_denied', false],
    [notListed, undefined, 'deny', 'baseline_policy', 'not_allowed', false],
    [local, { decision: 'allow' }, 'deny', 'baseline_policy', 'not_allowed_local', false],
    [denied, { decision: 'allow' }, 'deny', 'baseline_policy', 'denied', false],
  ])('case 119: %j and %j', (baseline, decider, verdict, source, reason, override) => {
    expect(domainPolicyDecision(baseline, decider)).toEqual({
      networkPolicyScope: 'domain',
      networkPolicyDecision: verdict,
      networkPolicySource: source,
      networkPolicyReason: reason,
      networkPolicyOverride: override,
    });
  });
});

describe('NetworkProxyAudit', () => {
  const own = {
    'network.policy.scope': 'domain',
    'network.policy.decision': 'allow',
    'network.policy.source': 'baseline_policy',
    'network.policy.reason': 'allow',
    'network.transport.protocol': 'https_connect',
    'server.address': 'example.com',
    'server.port': 443,
  };

  it('records a decision with what the proxy knows of the session', () => {
    const { made, records } = audit(metadata);
    made.recordPolicyDecision({ ...decision, httpRequestMethod: 'CONNECT', clientAddress: '127.0.0.1' });
    const [record] = records();
    const { 'event.timestamp': timestamp, ...attributes } = { ...record?.attributes };
    expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(attributes).toEqual({
      'event.name': 'codex.network_proxy.policy_decision',
      ...own,
      'http.request.method': 'CONNECT',
      'client.address': '127.0.0.1',
      'network.policy.override': false,
      ...logTail,
    });
    expect(record?.instrumentationScope.name).toBe('codex_otel.network_proxy');
    expect(record?.severityText).toBe('INFO');
  });

  it('case 120: says what it does not know of the request, and leaves out what it does not know of the session', () => {
    const { made, records } = audit({});
    made.recordPolicyDecision(decision);
    const { 'event.timestamp': _, ...attributes } = { ...records()[0]?.attributes };
    expect(attributes).toEqual({
      'event.name': 'codex.network_proxy.policy_decision',
      ...own,
      'http.request.method': 'none',
      'client.address': 'unknown',
      'network.policy.override': false,
    });
  });

  it('case 120: is a log record and never a span event', () => {
    const fixture = sessionFixture();
    const { made, records } = audit({});
    made.recordPolicyDecision(decision, fixture.context);
    expect(records()).toHaveLength(1);
    expect(fixture.events()).toEqual([]);
  });
});
