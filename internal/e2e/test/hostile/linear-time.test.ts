import { parseOtelConfig, resolveOtlpConnection } from '@codex-otel/config';
import { microUsdFromDecimal, sanitizeMetricTagValue } from '@codex-otel/metrics';
import { SessionTelemetry, scrubSecrets } from '@codex-otel/session-telemetry';
import { errorType, tokenUsageFromResponse } from '@codex-otel/token-usage';
import {
  childProcessEnv,
  contextFromW3cTraceContext,
  extractW3cTraceHeaders,
  parseTraceparent,
  validateTracestateEntries,
  validateTracestateMember,
} from '@codex-otel/trace-context';
import { describe, expect, it } from '@jest/globals';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const service = { codexHome: '/nowhere', serviceName: 's', serviceVersion: '1' };
const scrub = scrubSecrets();
const emit = (): void => undefined;
const session = new SessionTelemetry(
  {
    conversationId: 'c',
    model: 'm',
    slug: 's',
    originator: 'o',
    terminalType: 't',
    sessionSource: 'cli',
    appVersion: '1',
    logUserPrompts: true,
    redact: scrub,
  },
  { logger: { emit, enabled: () => true } },
);

/** Puts a text where a peer, a user or a file can put it. */
type Parser = (text: string) => unknown;

const configured: Parser = (text) =>
  parseOtelConfig(text, { ...service, env: {} }).catch((error: unknown) => expect(error).toBeInstanceOf(Error));
const tracestate: Parser = (list) => contextFromW3cTraceContext({ traceparent, tracestate: list });
const refused = (check: () => void): void => expect(check).toThrow();
const sse: Parser = async (text) => {
  const turn = session.startTurn({ turnId: 't' });
  const pieces = async function* () {
    for (let at = 0; at < text.length; at += 65_536) yield text.slice(at, at + 65_536);
  };
  for await (const event of turn.observeSse(pieces())) expect(event).toBeDefined();
  turn.end();
};

/**
 * The part that is repeated, and the text before and after it. It is repeated until the text has the length of the
 * test.
 */
const cases: readonly (readonly [what: string, parser: Parser, part: string, before?: string, after?: string])[] = [
  ['a traceparent of digits', parseTraceparent, '0'],
  ['a traceparent of blanks', parseTraceparent, ' '],
  ['a traceparent of a later version', parseTraceparent, '-a', traceparent.replace('00', 'cc')],
  ['a tracestate of one member', tracestate, 'a', 'a='],
  ['a tracestate of blanks', tracestate, ' ', 'a=1', '!'],
  ['a tracestate of commas', tracestate, ','],
  ['a tracestate of members', tracestate, 'a=1, '],
  ['a tracestate of tenants', tracestate, 'a@', '', '='],
  [
    'several tracestate headers',
    (list) => extractW3cTraceHeaders({ traceparent, tracestate: list.split('!') }),
    'a=1!',
  ],
  ['an environment', (name) => childProcessEnv({ [`OTEL_${name}`]: 'x' }), 'EXPORTEHEADERCONFIG_FIL'],
  ['fields of configured tracestate', manyFields, 'x'],
  ['members of configured tracestate', manyMembers, 'x'],
  ['a tag', sanitizeMetricTagValue, '_'],
  ['a tag of pairs', sanitizeMetricTagValue, '😀', 'a', 'a'],
  ['a price', microUsdFromDecimal, '.', '1'],
  ['an error’s code', (code) => errorType({ code, name: code }), 'a'],
  ['usage of many fields', (text) => tokenUsageFromResponse(Object.fromEntries([...text].entries())), 'x'],
  ['secrets: keys', (text) => scrub('output', text), 'sk-'],
  ['secrets: tokens', (text) => scrub('output', text), 'eyJ.eyJ'],
  ['secrets: assignments', (text) => scrub('output', text), 'token = '],
  ['secrets: names', (text) => scrub('output', text), 'api_key'],
  ['secrets: bearers', (text) => scrub('output', text), 'Bearer '],
  ['secrets: headers', (text) => scrub('output', text), 'authorization: '],
  ['secrets: URLs', (text) => scrub('output', text), 'a://b:'],
  ['secrets: letters before a URL', (text) => scrub('output', text), 'a+'],
  ['secrets: private keys', (text) => scrub('output', text), '-----BEGIN PRIVATE KEY-----'],
  ['secrets: half a private key', (text) => scrub('output', text), '-----BEGIN '],
  ['secrets: digits', (text) => scrub('output', text), '7'],
  ['secrets: blanks', (text) => scrub('output', text), ' ', 'token'],
  ['a prompt', (text) => session.userPrompt([{ type: 'text', text }]), 'password='],
  [
    'a tool’s output',
    (output) =>
      session.toolResult({ toolName: 't', callId: 'c', arguments: output, output, success: true, durationMillis: 1 }),
    'a\n',
  ],
  ['a frame', (data) => session.logSseEvent({ data, eventName: 'message', durationMillis: 1 }), '[', '{"a":'],
  ['a message of a socket', (data) => session.recordWebsocketEvent({ data, durationMillis: 1 }), '{"type":'],
  ['server-sent events', sse, 'data: {"type":"response.created"}\n\n'],
  ['lines of one server-sent event', sse, 'data: x\n', '', '\n'],
  ['line ends of a stream', sse, '\r'],
  ['a stream without line ends', sse, 'data:'],
  ['TOML: comments', configured, '# otel\n'],
  ['TOML: nested lists', configured, '[', 'otel = '],
  ['TOML: a long string', configured, '\\\\', '[otel]\nenvironment = "', '"'],
  ['TOML: quotes', configured, '"', 'otel = '],
  ['TOML: keys', configured, 'a.', 'otel.', 'b = 1'],
  [
    'TOML: variables in a header',
    configured,
    '${',
    '[otel]\nexporter = { otlp-http = { endpoint = "http://x", protocol = "json", headers = { a = "',
    '" } } }',
  ],
  ['headers in the environment', headers, 'a=b,'],
  ['a header in the environment', headers, '%'],
  ['an endpoint', endpoint, '/', 'http://'],
  ['an endpoint of names', endpoint, 'a.', 'http://'],
];

function manyFields(text: string): void {
  const fields = Object.fromEntries(Array.from({ length: text.length / 8 }, (_none, index) => [`f${index}`, 'x']));
  refused(() => validateTracestateMember('codex', fields));
}

function manyMembers(text: string): void {
  const entries = Object.fromEntries(
    Array.from({ length: text.length / 8 }, (_none, index) => [`m${index}`, { a: 'x' }]),
  );
  refused(() => validateTracestateEntries(entries));
}

async function headers(text: string): Promise<void> {
  const exporter = { kind: 'otlp-http', endpoint: 'http://127.0.0.1:9', protocol: 'json' } as const;
  const connection = await resolveOtlpConnection(exporter, 'logs', { OTEL_EXPORTER_OTLP_HEADERS: text });
  await connection.headers();
}

async function endpoint(text: string): Promise<void> {
  const exporter = { kind: 'otlp-http', endpoint: text, protocol: 'json' } as const;
  await resolveOtlpConnection(exporter, 'logs', {}).catch((error: unknown) => expect(error).toBeInstanceOf(Error));
}

/**
 * Characters. Linear time is below a second even for the longest, on any machine; quadratic time is a minute and more
 * for the longest, and seen before that where a step takes long.
 */
const lengths = [40_000, 320_000, 2_560_000];
const mostSeconds = 10;

/** CPU time, so that other work of the machine does not count. */
async function cpuSeconds(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

describe('time is linear in the text', () => {
  it.each(cases)('%s', async (_what, parser, part, before = '', after = '') => {
    for (const length of lengths) {
      const text = before + part.repeat(Math.ceil(length / part.length)) + after;
      expect(await cpuSeconds(() => parser(text))).toBeLessThan(mostSeconds);
    }
  });

  it('50 MB of text is handled by everything that takes text', async () => {
    const huge = 'x'.repeat(50_000_000);
    expect(parseTraceparent(huge)).toBeUndefined();
    expect(tracestate(huge)).toBeDefined();
    expect(sanitizeMetricTagValue(huge)).toHaveLength(256);
    expect(microUsdFromDecimal(huge)).toBeUndefined();
    expect(errorType({ code: huge })).toBe('_OTHER');
    session.userPrompt([{ type: 'text', text: huge }]);
    session.toolResult({
      toolName: huge,
      callId: huge,
      arguments: huge,
      output: huge,
      success: true,
      durationMillis: 1,
    });
    await configured(huge);
    await endpoint(huge);
  });
});
