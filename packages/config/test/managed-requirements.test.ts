import { describe, expect, it } from '@jest/globals';
import { diagMessages } from './diag-messages.ts';
import { emptySettings, parsed, refused } from './parsed.ts';

const messages = diagMessages();

const grpc = (endpoint: string) => `{ otlp-grpc = { endpoint = "${endpoint}" } }`;

describe('managed requirements', () => {
  it('replace scalars and whole exporters, with one warning', async () => {
    const user = `[otel]\nenvironment = "dev-box"\nlog_user_prompt = true\nexporter = { otlp-grpc = { endpoint = "http://mine", headers = { a = "b" } } }`;
    const managed = `[otel]\nenvironment = "prod"\nlog_user_prompt = false\nexporter = ${grpc('https://theirs')}`;
    expect(await parsed(user, { managed })).toEqual({
      ...emptySettings,
      environment: 'prod',
      exporter: { kind: 'otlp-grpc', endpoint: 'https://theirs' },
    });
    expect(messages.filter((message) => message.startsWith('warn'))).toEqual([
      'warn: codex-otel/config: otel: managed requirements replace environment, exporter, log_user_prompt',
    ]);
  });

  it('can be a table too, and leave the rest to the user', async () => {
    const settings = await parsed(
      '[otel]\nenvironment = "prod"\n[otel.tool_result]\nmax_bytes = 5\n[otel.spool]\nmax_bytes = 1',
      {
        managed: { otel: { log_agent_responses: true, spool: { max_age_ms: 2 } } },
      },
    );
    expect(settings).toEqual({
      ...emptySettings,
      environment: 'prod',
      logAgentResponses: true,
      toolResultMaxBytes: 5,
      spool: { maxBytes: 1, maxAgeMillis: 2 },
    });
    expect(messages).toEqual([]);
  });

  it('give no warning if the user agrees', async () => {
    const toml = `[otel]\nenvironment = "prod"\ntrace_exporter = ${grpc('http://a')}`;
    await parsed(toml, { managed: toml });
    expect(messages).toEqual([]);
  });

  it('give a warning if they replace an exporter by one of another kind', async () => {
    const user = `[otel]\nexporter = ${grpc('http://mine')}`;
    await parsed(user, { managed: '[otel]\nexporter = { otlp-http = { endpoint = "http://a", protocol = "json" } }' });
    expect(messages).toContain('warn: codex-otel/config: otel: managed requirements replace exporter');
  });

  it('name the program for headers by its whole path', async () => {
    const managed = '[otel]\nheaders_helper = "get-token"';
    expect((await refused('', { managed })).problems).toEqual([
      {
        path: 'otel.headers_helper',
        message: 'found a relative path, expected an absolute one (in the managed requirements)',
      },
    ]);
    await parsed('[otel]\nheaders_helper = "mine"', { managed: '[otel]\nheaders_helper = "/bin/get-token"' });
    expect(messages).toEqual(['warn: codex-otel/config: otel: managed requirements replace headers_helper']);
  });

  it('win over overrides', async () => {
    const options = { managed: '[otel]\nenvironment = "prod"', overrides: ['otel.environment=mine'] };
    expect((await parsed('', options)).environment).toBe('prod');
  });

  it('switch analytics off', async () => {
    const settings = await parsed('[analytics]\nenabled = true\n[otel]\nmetrics_exporter = "statsig"', {
      managed: '[analytics]\nenabled = false',
    });
    expect(settings.metricsExporter).toEqual({ kind: 'none' });
    expect(messages).toEqual(['warn: codex-otel/config: analytics: managed requirements replace enabled']);
  });

  it('merge span attributes and resource attributes by name, with one warning', async () => {
    const user = '[otel.span_attributes]\na = "user"\nb = "user"\n[otel.resource_attributes]\na = "user"\nb = "user"';
    const managed = '[otel.span_attributes]\na = "required"\n[otel.resource_attributes]\nb = "required"';
    const settings = await parsed(user, { managed });
    expect(settings.spanAttributes).toEqual({ a: 'required', b: 'user' });
    expect(settings.resourceAttributes).toEqual({ a: 'user', b: 'required' });
    expect(messages).toEqual([
      'warn: codex-otel/config: otel: managed requirements replace span_attributes, resource_attributes',
    ]);
  });

  it('merge the tracestate by field', async () => {
    const user = '[otel.tracestate.m]\na = "user"\nb = "user"\n[otel.tracestate.n]\na = "user"';
    const settings = await parsed(user, { managed: '[otel.tracestate.m]\na = "required"\nc = "required"' });
    expect(settings.tracestate).toEqual({ m: { a: 'required', b: 'user', c: 'required' }, n: { a: 'user' } });
    expect(messages).toEqual(['warn: codex-otel/config: otel: managed requirements replace tracestate']);
  });

  it("leave out a user's tracestate field that would make theirs too long", async () => {
    const user = `[otel.tracestate.m]\na = "${'x'.repeat(200)}"\nb = "ok"`;
    const settings = await parsed(user, { managed: `[otel.tracestate.m]\nc = "${'y'.repeat(200)}"` });
    expect(settings.tracestate).toEqual({ m: { b: 'ok', c: 'y'.repeat(200) } });
    expect(messages).toEqual([
      'warn: codex-otel/config: otel.tracestate.m.a: left out: with it the tracestate is not valid',
    ]);
  });

  it("leave out a user's tracestate member that would be one too many", async () => {
    const members = Array.from({ length: 32 }, (_, index) => `[otel.tracestate.m${index}]\na = "b"`).join('\n');
    const settings = await parsed('[otel.tracestate.mine]\na = "b"', { managed: members });
    expect(Object.keys(settings.tracestate ?? {})).toHaveLength(32);
    expect(messages).toEqual([
      'warn: codex-otel/config: otel.tracestate.mine.a: left out: with it the tracestate is not valid',
    ]);
  });

  it.each([
    ['a span attribute without a name', '[otel.span_attributes]\n"" = "a"', 'otel.span_attributes.""'],
    ['a tracestate field', '[otel.tracestate.m]\n"a:b" = "c"', 'otel.tracestate.m."a:b"'],
    ['a tracestate value', '[otel.tracestate.m]\na = "b,c"', 'otel.tracestate.m.a'],
    ['a tracestate member', '[otel.tracestate.M]\na = "b"', 'otel.tracestate.M'],
    ['a tracestate member that is too long', `[otel.tracestate.m]\na = "${'x'.repeat(300)}"`, 'otel.tracestate'],
    ['an exporter', '[otel]\nexporter = "zipkin"', 'otel.exporter'],
  ])('fail when they have a bad %s', async (_name, managed, path) => {
    const error = await refused('', { managed });
    expect(error.path).toBe(path);
    expect(error.message).toContain('(in the managed requirements)');
  });

  it('fail together with the file', async () => {
    const error = await refused('[otel]\nexporter = 1', { managed: '[otel]\ntrace_exporter = 1' });
    expect(error.problems.map(({ path }) => path)).toEqual(['otel.exporter', 'otel.trace_exporter']);
  });

  it('fail when they are not TOML', async () => {
    expect((await refused('', { managed: '[otel' })).message).toMatch(
      /^otel: the managed configuration is not valid TOML/,
    );
  });
});
