// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the file has
import type { Env, OtelConfigProblem } from '@codex-otel/config';
import { describe, expect, it } from '@jest/globals';
import { diagMessages } from './diag-messages.ts';
import { emptySettings, grpcWith, parsed } from './parsed.ts';

const messages = diagMessages();

describe('parseOtelConfig', () => {
  describe('unknown keys', () => {
    it.each([
      [
        'otel',
        '[otel]\nlog_user_promt = true',
        "otel.log_user_promt: unknown key, ignored; did you mean 'log_user_prompt'?",
      ],
      [
        'otel, for logs',
        '[otel]\nlogs_exporter = "none"',
        "otel.logs_exporter: unknown key, ignored; did you mean 'exporter'?",
      ],
      [
        'otel, plural',
        '[otel]\ntraces_exporter = "none"',
        "otel.traces_exporter: unknown key, ignored; did you mean 'trace_exporter'?",
      ],
      ['otel, unlike anything', '[otel]\nfrobnicate = 1', 'otel.frobnicate: unknown key, ignored'],
      [
        'an exporter',
        grpcWith('header = { a = "b" }'),
        "otel.exporter.otlp-grpc.header: unknown key, ignored; did you mean 'headers'?",
      ],
      [
        'tls',
        grpcWith('tls = { ca_certificate = "a" }'),
        "otel.exporter.otlp-grpc.tls.ca_certificate: unknown key, ignored; did you mean 'ca-certificate'?",
      ],
      [
        'tool_result',
        '[otel.tool_result]\nmaxbytes = 1',
        "otel.tool_result.maxbytes: unknown key, ignored; did you mean 'max_bytes'?",
      ],
      ['analytics', '[analytics]\nenable = false', "analytics.enable: unknown key, ignored; did you mean 'enabled'?"],
    ])('warns about one in %s', async (_where, toml, warning) => {
      await parsed(toml);
      expect(messages).toContain(`warn: codex-otel/config: ${warning}`);
    });

    it('gives no warning about those of other tables', async () => {
      await parsed('exporters = 1\n[mcp_servers.x]\nendpont = "a"');
      expect(messages).toEqual([]);
    });

    it('names a key outside of the table', async () => {
      await parsed('exporter = "console"\n[otel]');
      expect(messages).toEqual([
        'warn: codex-otel/config: exporter: ignored, it is outside of [otel] in the configuration',
      ]);
    });

    it.each(['OTEL', 'Otel', 'opentelemetry'])('names a table that is called %s', async (name) => {
      await parsed(`[${name}]\nexporter = "console"`);
      expect(messages).toEqual([`warn: codex-otel/config: ${name}: unknown table, ignored; did you mean 'otel'?`]);
    });

    it('stops after twenty of them', async () => {
      await parsed(`[otel]\n${Array.from({ length: 500 }, (_, index) => `zzzzzzzz${index} = 1`).join('\n')}`);
      expect(messages).toHaveLength(20);
    });
  });

  describe('lenient tables', () => {
    it('leaves out a span attribute with an empty key or a value that is not a string', async () => {
      const settings = await parsed('[otel.span_attributes]\n"" = "x"\nn = 5\ngood = "y"');
      expect(settings.spanAttributes).toEqual({ good: 'y' });
      expect(messages).toEqual([
        'warn: codex-otel/config: otel.span_attributes."": left out: found \'\', expected a name that is not empty',
        'warn: codex-otel/config: otel.span_attributes.n: left out: found 5, expected a string',
      ]);
    });

    it('keeps the good fields of a tracestate member', async () => {
      const settings = await parsed('[otel.tracestate.example]\n"b:d" = "x"\nalpha = "one"');
      expect(settings.tracestate).toEqual({ example: { alpha: 'one' } });
      expect(messages).toHaveLength(1);
      expect(messages[0]).toContain('otel.tracestate.example."b:d"');
    });

    it.each([
      ['a comma', 'a,b'],
      ['an equals sign', 'a=b'],
      ['a semicolon', 'a;b'],
      ['a line break', 'a\\nb'],
      ['a trailing space', 'a '],
      ['a letter that is not ASCII', 'é'],
    ])('leaves out a tracestate value with %s, and the member with it', async (_name, value) => {
      const settings = await parsed(`[otel.tracestate.example]\na = "${value}"`);
      expect(settings.tracestate).toBeUndefined();
      expect(messages).toHaveLength(1);
      expect(messages[0]).toContain('otel.tracestate.example.a');
    });

    it('keeps a value with a colon and an inner space', async () => {
      const settings = await parsed('[otel.tracestate.example]\na = "b:c d"');
      expect(settings.tracestate).toEqual({ example: { a: 'b:c d' } });
    });

    it('silently leaves out a member without fields', async () => {
      expect((await parsed('[otel.tracestate.example]')).tracestate).toBeUndefined();
      expect(messages).toEqual([]);
    });

    it('leaves out a member that is a list', async () => {
      const settings = await parsed('[otel.tracestate]\na = ["x"]\nb = { c = "d" }');
      expect(settings.tracestate).toEqual({ b: { c: 'd' } });
      expect(messages).toEqual([
        'warn: codex-otel/config: otel.tracestate.a: left out: found a list, expected a table of strings',
      ]);
    });

    it('leaves out a member whose key is invalid', async () => {
      const settings = await parsed('[otel.tracestate.Upper]\na = "b"\n[otel.tracestate."1a@b"]\na = "b"');
      expect(settings.tracestate).toEqual({ '1a@b': { a: 'b' } });
      expect(messages).toHaveLength(1);
      expect(messages[0]).toContain('otel.tracestate.Upper');
    });

    it('leaves out a member that is too long as a whole', async () => {
      const settings = await parsed(
        `[otel.tracestate.a]\nb = "${'x'.repeat(255)}"\n[otel.tracestate.c]\nd = "${'x'.repeat(254)}"`,
      );
      expect(settings.tracestate).toEqual({ c: { d: 'x'.repeat(254) } });
      expect(messages).toEqual([
        'warn: codex-otel/config: otel.tracestate.a: left out: the member is too long to be sent',
      ]);
    });

    it('leaves out all of a tracestate that has too many members', async () => {
      const members = (count: number) =>
        Array.from({ length: count }, (_, index) => `[otel.tracestate.m${index}]\na = "b"`).join('\n');
      expect(Object.keys((await parsed(members(32))).tracestate ?? {})).toHaveLength(32);
      expect((await parsed(members(33))).tracestate).toBeUndefined();
      expect(messages).toEqual([
        'warn: codex-otel/config: otel.tracestate: left out: it has more members than a tracestate may have',
      ]);
    });

    it.each(['__proto__', 'constructor', 'prototype'])('leaves out the name %s with a warning', async (name) => {
      const settings = await parsed(`[otel.span_attributes]\n"${name}" = "x"\ngood = "y"`);
      expect(settings.spanAttributes).toEqual({ good: 'y' });
      expect(messages).toEqual([
        `warn: codex-otel/config: otel.span_attributes.${name}: left out: this name cannot be used`,
      ]);
    });
  });

  it('passes warnings to a listener, and ignores its errors', async () => {
    const heard: string[] = [];
    const settings = await parsed('[otel]\nfrob = 1', {
      onWarning: ({ path }) => {
        heard.push(path);
        throw new Error('not our problem');
      },
    });
    expect(heard).toEqual(['otel.frob']);
    expect(settings).toEqual(emptySettings);
  });

  it('passes warnings about the environment too, each one once', async () => {
    const heard: OtelConfigProblem[] = [];
    const env = {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'smoke',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_RESOURCE_ATTRIBUTES: 'a',
    };
    await parsed('exporter = "none"', { env, onWarning: (warning) => heard.push(warning) });
    expect(heard).toEqual([
      { path: 'exporter', message: 'ignored, it is outside of [otel] in the configuration' },
      {
        path: 'OTEL_EXPORTER_OTLP_PROTOCOL',
        message: "ignored, found 'smoke', expected 'grpc', 'http/protobuf', 'http/json'",
      },
      {
        path: 'OTEL_RESOURCE_ATTRIBUTES',
        message: "ignored, its entry number 1 is not of the form 'name=percent-encoded value'",
      },
    ]);
    expect(messages).toHaveLength(3);
  });

  it('reports that exporter is for logs only', async () => {
    await parsed('[otel]\nexporter = "console"');
    expect(messages).toEqual([
      'info: codex-otel/config: otel.exporter is for logs only: traces need otel.trace_exporter, metrics otel.metrics_exporter',
    ]);
  });

  it.each<[string, string, Env]>([
    ['there are none', '[otel]\nexporter = "none"', {}],
    ['traces are explicitly off', '[otel]\nexporter = "console"\ntrace_exporter = "none"', {}],
    ['the environment sends metrics', '[otel]\nexporter = "console"', { OTEL_METRICS_EXPORTER: 'otlp' }],
  ])('gives no hint about logs if %s', async (_name, toml, env) => {
    await parsed(toml, { env });
    expect(messages).toEqual([]);
  });

  it.each([
    ['[otel]\nlogs = "x"', 'exporter'],
    ['[otel]\nservice_name = "x"', 'resource_attributes'],
    [grpcWith('uri = "x"'), 'endpoint'],
    [grpcWith('tls = { ca_cert = "x" }'), 'ca-certificate'],
    [grpcWith('tls = { clientCert = "x" }'), 'client-certificate'],
    [grpcWith('tls = { client-key = "x" }'), 'client-private-key'],
  ])('knows what is meant by %j', async (toml, meant) => {
    await parsed(toml);
    expect(messages).toContainEqual(expect.stringContaining(`did you mean '${meant}'?`));
  });

  it('reports that statsig takes metrics only', async () => {
    await parsed('[otel]\ntrace_exporter = "statsig"');
    expect(messages).toEqual(["warn: codex-otel/config: otel.trace_exporter: 'statsig' takes metrics only"]);
  });
});
