import type { OtelSettings } from '@codex-otel/config';
import { describe, expect, it } from '@jest/globals';
import { ourTables } from '../src/toml-source.ts';
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
    ['a key of sixteen parts', `otel.span_attributes${'.a'.repeat(14)}=b`, {}],
    ['blanks around the dots', 'otel . "environment" = x', { environment: 'x' }],
    ['an escaped quote in a key', 'otel.span_attributes."a\\"b"=c', { spanAttributes: { 'a"b': 'c' } }],
    ['a table whose name only begins with otel', 'otelx.environment=prod', {}],
    ['a key of another table', 'model="x"', {}],
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

  it('replace a value that is not a table', async () => {
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
    ['no key of the other table', ' analytics.=b', 'analytics', "an override is not of the form 'key=value'"],
    [
      'a key of seventeen parts',
      `otel${'.a'.repeat(16)}=b`,
      `otel${'.a'.repeat(16)}`,
      'the key of the override has too many parts',
    ],
    [
      'a part that could be anything',
      'otel.environment."a b"',
      'otel.environment',
      "the override has no value, expected 'key=value'",
    ],
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

describe('ourTables', () => {
  it.each<[string, unknown, string]>([
    ['no error', 'secret', 'it cannot be parsed'],
    ['an error of another kind', new Error('secret'), 'it cannot be parsed'],
    [
      'an error with a place',
      Object.assign(new Error('Invalid TOML document: odd key -\n\nsecret'), { line: 3, column: 7 }),
      'odd key - (line 3, column 7)',
    ],
    ['an error with half a place', Object.assign(new Error('Invalid TOML document: odd'), { line: 3 }), 'odd'],
    ['an error with words for a place', Object.assign(new Error('x'), { line: '3', column: 7 }), 'it cannot be parsed'],
  ])('names the reason of the parser, and no line of the file: %s', (_what, thrown, reason) => {
    const parse = () => {
      throw thrown;
    };
    expect(() => ourTables('x', 'the file', parse)).toThrow(
      expect.objectContaining({
        problems: [
          {
            path: 'otel',
            message: `the file is not valid TOML: ${reason}; nothing in it is used until that is corrected`,
          },
        ],
      }),
    );
  });
});

describe('a configuration file', () => {
  it('is refused when its [otel] table is beyond 128 KiB', async () => {
    const start = '[otel.span_attributes]\na = ';
    const withLength = (length: number) => `${start}"${'x'.repeat(length - start.length - 2)}"`;
    expect(await parsed(withLength(131_072))).toHaveProperty('spanAttributes');
    expect((await refused(withLength(131_073))).problems).toEqual([
      { path: 'otel', message: 'the [otel] table of the configuration is longer than 131072 characters; shorten it' },
    ]);
  });

  it('is refused when its [otel] table is made of dots', async () => {
    const dots = (count: number) => `[otel.span_attributes]\na = "${'.'.repeat(count)}"`;
    expect(await parsed(dots(8191))).toMatchObject({ spanAttributes: { a: '.'.repeat(8191) } });
    expect((await refused(dots(8192))).problems).toEqual([
      { path: 'otel', message: 'the [otel] table of the configuration has more than 8192 dots; shorten it' },
    ]);
  });

  const table = '[otel]\nenvironment = "prod" # as ["it", is\n[otel.span_attributes]\na = "b"\n';
  const projects = Array.from({ length: 5_000 }, (_, index) => `[projects."/src/a.${index}"]\ntrust = "yes"\n`).join(
    '',
  );
  it.each([
    ['tables before it', projects + table],
    ['tables after it', table + projects],
    ['tables between', table.replace('[otel.span', () => `${projects}[otel.span`)],
    ['Windows line ends', (projects + table).replaceAll('\n', '\r\n')],
    ['a long comment', `# ${'x'.repeat(200_000)}\n${table}`],
    ['a long text', `a = """${'"\\"""[otel]\n'.repeat(20_000)}"""\n${table}`],
    ['a long literal', `a = '''${'[otel]\n'.repeat(20_000)}'''''\n${table}`],
    ['a long list', `a = [\n${'["otel"],\n'.repeat(20_000)}]\n${table}`],
    ['dotted keys', `otel.environment = "prod"\notel . "span_attributes".a = "b"\n${projects}`],
    ['inline tables', `'otel' = { environment = "prod", span_attributes = { a = "b" } }\n${projects}`],
    ['escapes in its name', projects + table.replace('[otel]', '["\\u006ftel"]')],
    ['a byte order mark', `\u{feff}${table}${projects}`],
  ])('may be large beside a small [otel] table: %s', async (_name, toml) => {
    const differing = { environment: 'prod', spanAttributes: { a: 'b' } };
    expect(await parsed(toml)).toEqual({ ...emptySettings, ...differing });
  });

  it.each([
    ['in the table', `${projects}[otel]\nenvironment = prod`, 'invalid value (line 10002, column 15)'],
    ['in a list that swallows the table', `${projects}[a]\nb = [1,\n${table}`, 'invalid value (line 10003, column 2)'],
    ['in a text that swallows the table', `${projects}b = """\n${table}`, 'unfinished string (line 10001, column 5)'],
  ])('that is large is refused with a mistake %s', async (_name, toml, reason) => {
    const message = `the configuration is not valid TOML: ${reason}; nothing in it is used until that is corrected`;
    expect((await refused(toml)).problems).toEqual([{ path: 'otel', message }]);
  });

  it('that is large still has its misplaced keys reported', async () => {
    const heard: string[] = [];
    await parsed(`exporter = "none"\n${projects}[OTEL]\na = 1`, { onWarning: ({ path }) => heard.push(path) });
    expect(heard).toEqual(['exporter', 'OTEL']);
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

  it('is refused if it contains itself', async () => {
    const otel: Record<string, unknown> = {};
    otel.otel = otel;
    expect((await refused({ otel })).problems).toEqual([{ path: 'otel', message: 'is nested deeper than 12 tables' }]);
  });

  it('is refused if it has too many values', async () => {
    const otel = Object.fromEntries(Array.from({ length: 2_001 }, (_, index) => [`key${index}`, 1]));
    expect((await refused({ otel })).problems).toEqual([{ path: 'otel', message: 'has more than 2000 values' }]);
    const list = `[otel.exporter.otlp-grpc]\nheaders_helper = [${'1,'.repeat(2_000)}]`;
    expect((await refused(list)).problems).toEqual([{ path: 'otel', message: 'has more than 2000 values' }]);
  });
});
