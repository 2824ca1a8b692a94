import type { OtelSettings } from '@codex-otel/config';
import { describe, expect, it } from '@jest/globals';
import type { ContentField, SessionMetadata } from '../src/index.ts';
import { SessionTelemetry, scrubSecrets, sessionOptionsFromSettings } from '../src/index.ts';
import { metadata, recordingMetrics, sessionFixture } from './session-fixture.ts';

const tool = {
  toolName: 'shell',
  callId: 'call-1',
  arguments: 'secret arguments',
  output: 'secret output',
  success: true,
  durationMillis: 1,
};

/** A session in which every kind of content was recorded. */
function everything(changes: Partial<SessionMetadata>) {
  const fixture = sessionFixture({
    logUserPrompts: true,
    logAgentResponses: true,
    logGuardianAssessments: true,
    ...changes,
  });
  const { session, context } = fixture;
  session.userPrompt([{ type: 'text', text: 'secret prompt' }], context);
  session.toolResult(tool, context);
  session.agentResponse({ turnId: 't', itemId: 'i', response: 'secret response' }, context);
  session.sseEventFailed({ error: new Error('secret error'), durationMillis: 1 }, context);
  session.guardianAssessment(
    { reviewId: 'r', turnId: 't', status: 'denied', startedAtMillis: 1, rationale: 'secret rationale' },
    context,
  );
  session.logToolFailed({ toolName: 'x', error: 'secret failure' }, context);
  return fixture;
}

describe('privacy of a session', () => {
  it('shows content in log records and never on spans', () => {
    const { logs, events } = everything({});
    expect(JSON.stringify(logs()).match(/secret \w+/g)).toEqual([
      'secret prompt',
      'secret arguments',
      'secret output',
      'secret response',
      'secret error',
      'secret rationale',
      'secret failure',
    ]);
    expect(JSON.stringify(events())).not.toMatch(/secret|engineer@example\.com|acct-1/);
    expect(events()).toHaveLength(4);
  });

  it.each([-1, Number.NaN, 'all' as never])(
    'does not accept %p as a limit of the output, and uses the default',
    (limit) => {
      const { session, logs } = sessionFixture({ toolResultMaxBytes: limit });
      session.toolResult({ ...tool, output: 'x'.repeat(3000) });
      expect(logs()[0]?.output).toMatch(/^x{2048}\n\[/);
    },
  );

  it('shows no password and no token of the address of an MCP server', () => {
    const { session, logs } = sessionFixture();
    session.toolResult({
      ...tool,
      mcpServer: 'docs',
      mcpServerOrigin: 'https://me:hunter2@example.com/mcp?key=hunter2',
    });
    expect(logs()[0]?.mcp_server_origin).toBe('https://example.com/mcp');
  });

  it('shows neither prompts nor answers nor rationales unless asked to', () => {
    const { logs } = everything({
      logUserPrompts: undefined,
      logAgentResponses: undefined,
      logGuardianAssessments: undefined,
    });
    expect(JSON.stringify(logs())).not.toMatch(/secret (prompt|response|rationale)/);
    expect(logs()[0]?.prompt).toBe('[REDACTED]');
  });

  it('withholds arguments and output of tools if set, but not their sizes', () => {
    const { logs, events } = everything({ logToolArguments: false, logToolOutput: false });
    expect(logs()[1]).toMatchObject({ arguments: '[REDACTED]', output: '[REDACTED]', output_truncated: false });
    expect(logs().at(-1)).toMatchObject({ output: '[REDACTED]' });
    expect(events()[1]).toMatchObject({ arguments_length: 16, output_length: 13 });
  });

  it('leaves out account and e-mail if set', () => {
    const { session, logs } = everything({ includeIdentity: false, userId: 'user-1' });
    session.skillInvocation({ turnId: 't', skillName: 's', skillInvocationType: 'explicit' });
    expect(JSON.stringify(logs())).not.toMatch(/engineer@example\.com|acct-1|user-1/);
  });

  it('shows error messages on spans if set', () => {
    const { events } = everything({ traceErrorMessages: true });
    expect(events()[2]).toMatchObject({ 'error.message': 'secret error', 'error.type': 'Error' });
  });

  it('treats anything but a boolean as the more private choice', () => {
    const wrong = { logUserPrompts: 'yes', logToolArguments: 1, includeIdentity: null, traceErrorMessages: 'x' };
    const { logs, events } = everything(wrong as unknown as Partial<SessionMetadata>); // what a JavaScript caller can do
    expect(logs()[0]?.prompt).toBe('[REDACTED]');
    expect(logs()[1]?.arguments).toBe('[REDACTED]');
    expect(JSON.stringify(logs())).not.toContain('engineer@example.com');
    expect(JSON.stringify(events())).not.toContain('secret');
  });

  it('does not treat free text in an error’s name, code or type as an identifier', () => {
    const fixture = sessionFixture();
    const error = Object.assign(new Error('m'), { code: 'it is secret', type: 'so secret', name: 'secret !' });
    fixture.session.sseEventFailed({ error, durationMillis: 1 }, fixture.context);
    expect(fixture.events()[0]?.['error.type']).toBe('_OTHER');
  });
});

describe('auth.error', () => {
  it.each([
    ['missing_authorization_header', true],
    ['your token has expired', false],
    ['sk-aB3dE5gH7jK9mN1pQ3sT5v', false],
  ])('%s on a span event: %s', (authError, shown) => {
    const { session, context, logs, events } = sessionFixture({ scrubSecrets: false });
    session.recordAuthRecovery(
      { authMode: 'managed', authStep: 'done', authOutcome: 'recovery_not_run', authError },
      context,
    );
    expect(logs()[0]?.['auth.error']).toBe(authError);
    expect('auth.error' in (events()[0] ?? {})).toBe(shown);
  });
});

describe('scrubSecrets of a session', () => {
  const key = `sk-${'proj'}-aB3dE5gH7jK9mN1pQ3sT5vW7`;

  function recorded(changes: Partial<SessionMetadata>): string {
    const { session, logs, events, context } = sessionFixture({
      logUserPrompts: true,
      logAgentResponses: true,
      ...changes,
    });
    session.userPrompt([{ type: 'text', text: `my key is ${key}` }], context);
    session.toolResult({ ...tool, arguments: JSON.stringify({ cmd: `API="${key}"` }), output: key }, context);
    session.agentResponse({ turnId: 't', itemId: 'i', response: `it is ${key}` }, context);
    session.sseEventFailed({ error: new Error(`refused ${key}`), durationMillis: 1 }, context);
    return JSON.stringify([logs(), events()]);
  }

  it('removes secrets from all content unless it is switched off', () => {
    expect(recorded({})).not.toContain(key);
    // An invalid value is no reason to show more.
    for (const wrong of [undefined, null, 0, 'no']) {
      expect(recorded({ scrubSecrets: wrong } as Partial<SessionMetadata>)).not.toContain(key);
    }
    expect(recorded({ scrubSecrets: false }).split(key)).toHaveLength(6);
  });

  it('scrubs what a redact hook returns', () => {
    expect(recorded({ redact: (_field, text) => `${text} ${key}` })).not.toContain(key);
  });

  it('leaves user, password and query out of endpoints, on log and trace', () => {
    const { session, logs, events, context } = sessionFixture({});
    const endpoint = `wss://me:hunter2@example.com/responses?api_key=${key}`;
    const auth = { authHeaderAttached: true, authRetryAfterUnauthorized: false };
    session.recordWebsocketConnect({ durationMillis: 1, endpoint, authConnectionReused: false, ...auth }, context);
    session.recordApiRequest({ attempt: 1, durationMillis: 1, endpoint, ...auth }, context);
    const shown = [...logs(), ...events()].map((record) => record?.endpoint);
    expect(shown).toEqual(Array.from(shown, () => 'wss://example.com/responses'));
    expect(shown.length).toBe(4);
  });
});

describe('redact', () => {
  it('is called for each text with its kind, before it is truncated', () => {
    const seen: [ContentField, string][] = [];
    const { logs } = everything({
      toolResultMaxBytes: 3,
      redact: (field, text) => {
        seen.push([field, text]);
        return `<${field}>`;
      },
    });
    expect(seen).toEqual([
      ['prompt', 'secret prompt'],
      ['output', 'secret output'],
      ['arguments', 'secret arguments'],
      ['response', 'secret response'],
      ['output', 'secret error'],
      ['response', 'secret rationale'],
      ['output', 'secret failure'],
      ['arguments', ''],
    ]);
    expect(JSON.stringify(logs())).not.toContain('secret');
    expect(logs()[0]?.prompt).toBe('<prompt>');
    expect(logs()[1]).toMatchObject({ arguments: '<arguments>', output: '<ou\n[... telemetry preview truncated ...]' });
  });

  it.each<[string, unknown]>([
    [
      'throws',
      () => {
        throw new Error('secret');
      },
    ],
    ['gives no text', () => 7],
    ['is no function', 'scrub'],
  ])('withholds everything when it %s', (_what, redact) => {
    const { logs, session } = everything({ redact } as Partial<SessionMetadata>); // what a JavaScript caller can do
    expect(JSON.stringify(logs())).not.toContain('secret');
    expect(logs()[0]?.prompt).toBe('[REDACTED]');
    expect(logs()[1]).toMatchObject({ arguments: '[REDACTED]', output: '[REDACTED]' });
    if (typeof redact === 'function') expect(session.unusableValues).toBeGreaterThan(0);
  });

  it('sees the whole of a secret that lies across the limit', () => {
    const secret = `sk-${'aB3dE5gH7jK9'.repeat(4)}`;
    const { session, logs } = sessionFixture({ toolResultMaxBytes: 20, redact: scrubSecrets() });
    session.toolResult({ ...tool, output: `0123456789 ${secret} end` });
    expect(logs()[0]?.output).toBe('0123456789 [REDACTED\n[... telemetry preview truncated ...]');
  });

  it('is not called without a log record that shows the text', () => {
    let asked = 0;
    const redact = (): string => {
      asked += 1;
      return '';
    };
    const { context } = sessionFixture();
    const session = new SessionTelemetry({ ...metadata, redact }, { metrics: recordingMetrics() });
    session.toolResult(tool);
    session.toolResult(tool, context);
    session.userPrompt([{ type: 'text', text: 'secret' }], context);
    expect(asked).toBe(0);
  });

  it('does not see the far end of a long text, and the record says that it was truncated', () => {
    let longest = 0;
    const redact = (_field: ContentField, text: string): string => {
      longest = Math.max(longest, text.length);
      return 'short';
    };
    const { session, logs } = sessionFixture({ redact });
    session.toolResult({ ...tool, output: 'x'.repeat(5_000_000) });
    expect(longest).toBeLessThan(100_000);
    expect(logs()[0]).toMatchObject({
      output: 'short\n[... telemetry preview truncated ...]',
      output_truncated: true,
    });
  });
});

describe('sessionOptionsFromSettings', () => {
  const off = { kind: 'none' } as const;
  const settings: OtelSettings = {
    environment: 'dev',
    serviceName: 'codex_cli_rs',
    serviceVersion: '1.2.3',
    codexHome: '/x',
    exporter: off,
    traceExporter: off,
    metricsExporter: off,
  };

  it('fills in the defaults', () => {
    expect(sessionOptionsFromSettings(settings)).toEqual({
      appVersion: '1.2.3',
      logUserPrompts: false,
      logAgentResponses: false,
      logGuardianAssessments: false,
      toolResultMaxBytes: 2048,
      logToolArguments: true,
      logToolOutput: true,
      logSseDeltas: true,
      includeIdentity: true,
      scrubSecrets: true,
    });
  });

  it('takes over what is set', () => {
    const chosen = {
      logUserPrompts: true,
      logAgentResponses: true,
      logGuardianAssessments: true,
      toolResultMaxBytes: 0,
      logToolArguments: false,
      logToolOutput: false,
      logSseDeltas: false,
      includeIdentity: false,
      scrubSecrets: false,
    };
    expect(sessionOptionsFromSettings({ ...settings, ...chosen })).toEqual({ appVersion: '1.2.3', ...chosen });
  });
});
