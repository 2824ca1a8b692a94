import type { OtelSettings } from '@codex-otel/config';
import { describe, expect, it } from '@jest/globals';
import { emptySettings, parsed, refused } from './parsed.ts';

describe('overrides', () => {
  it.each<[string, string, Partial<OtelSettings>]>([
    ['a flag', 'otel.log_user_prompt=true', { logUserPrompts: true }],
    ['a quoted string', 'otel.environment="prod"', { environment: 'prod' }],
    ['a bare word', 'otel.environment=prod', { environment: 'prod' }],
    ['a bare text with spaces around', ' otel.environment = pre prod ', { environment: 'pre prod' }],
    ['a number', 'otel.tool_result.max_bytes=7', { toolResultMaxBytes: 7 }],
    [
      'an inline table',
      'otel.exporter={ otlp-grpc = { endpoint = "http://a" } }',
      { exporter: { kind: 'otlp-grpc', endpoint: 'http://a' } },
    ],
    ['a whole table', 'otel={ environment = "prod" }', { environment: 'prod' }],
    [
      'a deep key',
      'otel.exporter.otlp-grpc.endpoint=http://a?b=c',
      { exporter: { kind: 'otlp-grpc', endpoint: 'http://a?b=c' } },
    ],
    ['a quoted key', 'otel.span_attributes."a.b"=c', { spanAttributes: { 'a.b': 'c' } }],
    ['a literal key', "otel.span_attributes.'a = b'=c", { spanAttributes: { 'a = b': 'c' } }],
    [
      'a value that tries to add a key',
      'otel.environment="a"\nlog_user_prompt = true',
      { environment: '"a"\nlog_user_prompt = true' },
    ],
    ['nothing of ours', 'model="x"', {}],
    ['nothing', '', {}],
    ['text', 'hello', {}],
  ])('set %s', async (_name, override, differing) => {
    expect(await parsed('', { overrides: [override] })).toEqual({ ...emptySettings, ...differing });
  });

  it('win over the file, the last one over the others', async () => {
    const overrides = ['otel.environment=first', 'otel.environment=last', 'otel.exporter.otlp-http.protocol=json'];
    const settings = await parsed(
      '[otel]\nenvironment = "file"\n[otel.exporter.otlp-http]\nendpoint = "http://a"\nprotocol = "binary"',
      { overrides },
    );
    expect(settings).toMatchObject({ environment: 'last', exporter: { endpoint: 'http://a', protocol: 'json' } });
  });

  it('replace a value that is no table', async () => {
    const settings = await parsed('[otel]\nexporter = "none"', {
      overrides: ['otel.exporter.otlp-grpc.endpoint=http://a'],
    });
    expect(settings.exporter).toEqual({ kind: 'otlp-grpc', endpoint: 'http://a' });
  });

  it('reach the analytics switch', async () => {
    const settings = await parsed('[otel]\nmetrics_exporter = "statsig"', { overrides: ['analytics.enabled=false'] });
    expect(settings.metricsExporter).toEqual({ kind: 'none' });
  });

  it.each([
    ['no value', 'otel.environment', 'otel.environment', "the override has no value, expected 'key=value'"],
    ['no key', 'otel..a=b', 'otel', "an override is not of the form 'key=value'"],
    [
      'a value of the wrong kind',
      'otel.log_user_prompt=yes',
      'otel.log_user_prompt',
      "found 'yes', expected true or false",
    ],
  ])('are refused with %s', async (_name, override, path, message) => {
    expect((await refused('', { overrides: [override] })).problems).toEqual([{ path, message }]);
  });

  it('do not reach prototypes', async () => {
    await parsed('', { overrides: ['otel.__proto__.polluted=yes', 'otel.constructor.prototype.polluted=yes'] });
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('a configuration file', () => {
  it('is refused beyond 128 KiB', async () => {
    expect((await refused(`# ${'x'.repeat(131_072)}`)).problems).toEqual([
      { path: 'otel', message: 'the configuration is longer than 131072 characters' },
    ]);
  });

  it('is refused when it is made of dots', async () => {
    const dots = (count: number) => `a = "${'.'.repeat(count)}"`;
    expect(await parsed(dots(8192))).toEqual(emptySettings);
    expect((await refused(dots(8193))).problems).toEqual([
      { path: 'otel', message: 'the configuration has more than 8192 dots in it' },
    ]);
  });

  it('may have large numbers, dates and lists of tables elsewhere', async () => {
    expect(
      await parsed('a = 99999999999999\nb = 2026-01-01T00:00:00Z\n[[c]]\nd = [1, "2"]\n[otel]\nenvironment = "x"'),
    ).toMatchObject({
      environment: 'x',
    });
  });

  it.each([
    [
      '__proto__ in TOML',
      '[__proto__]\npolluted = "yes"\n[otel.__proto__]\npolluted = "yes"\n[otel.span_attributes.__proto__]\na = 1',
    ],
    [
      '__proto__ in JSON',
      JSON.parse('{ "__proto__": { "polluted": 1 }, "otel": { "__proto__": { "exporter": "console" } } }'),
    ],
    ['an inherited table', Object.create({ otel: { exporter: 'console' } })],
  ])('does not reach prototypes: %s', async (_name, input) => {
    const settings = await parsed(input).catch(() => emptySettings);
    expect(settings.exporter).toEqual({ kind: 'none' });
    expect({}).not.toHaveProperty('polluted');
  });

  it('is copied: accessors do not run, and later changes do not matter', async () => {
    const otel = {
      environment: 'prod',
      get exporter(): string {
        throw new Error('must not run');
      },
      span_attributes: { a: 'b' },
    };
    const settings = await parsed({ otel });
    otel.span_attributes.a = 'changed';
    expect(settings).toEqual({ ...emptySettings, environment: 'prod', spanAttributes: { a: 'b' } });
  });

  it('is refused when it is without end', async () => {
    const otel: Record<string, unknown> = {};
    otel.otel = otel;
    expect((await refused({ otel })).problems).toEqual([{ path: 'otel', message: 'is nested deeper than 12 tables' }]);
  });

  it('is refused when it is endlessly wide', async () => {
    const otel = Object.fromEntries(Array.from({ length: 2_001 }, (_, index) => [`key${index}`, 1]));
    expect((await refused({ otel })).problems).toEqual([{ path: 'otel', message: 'has more than 2000 values' }]);
    const list = `[otel.exporter.otlp-grpc]\nheaders_helper = [${'1,'.repeat(2_000)}]`;
    expect((await refused(list)).problems).toEqual([{ path: 'otel', message: 'has more than 2000 values' }]);
  });
});
