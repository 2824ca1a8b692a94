import { describe, expect, it } from '@jest/globals';
import * as api from '../src/index.ts';

describe('@codex-otel/session-telemetry', () => {
  it('exports these values and no others', () => {
    expect(Object.keys(api).sort()).toEqual([
      'AgentResponseLogger',
      'NetworkProxyAudit',
      'SessionTelemetry',
      'domainPolicyDecision',
      'scrubSecrets',
      'sessionOptionsFromSettings',
    ]);
  });
});
