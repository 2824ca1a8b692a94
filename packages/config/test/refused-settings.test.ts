// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the file has
import { describe, expect, it } from '@jest/globals';
import type { Refusal } from './parsed.ts';
import { expectRefusal, grpcWith, refused } from './parsed.ts';

/** TOML and the one problem that it has. */
const refusals: readonly Refusal[] = [
  [
    'a flag that is text',
    '[otel]\nlog_user_prompt = "yes"',
    'otel.log_user_prompt',
    "found 'yes', expected true or false",
  ],
  [
    'an empty environment',
    '[otel]\nenvironment = ""',
    'otel.environment',
    "found '', expected a string that is not empty",
  ],
  [
    'a date for an environment',
    '[otel]\nenvironment = 2026-01-01',
    'otel.environment',
    'found a date, expected a string',
  ],
  [
    'a flag for the tool results',
    '[otel]\ntool_result = true',
    'otel.tool_result',
    'found true, expected a table with max_bytes',
  ],
  [
    'a negative limit',
    '[otel]\ntool_result.max_bytes = -1',
    'otel.tool_result.max_bytes',
    'found -1, expected a whole number from 0 to 9007199254740991',
  ],
  [
    'a limit that JavaScript does not have',
    '[otel]\ntool_result.max_bytes = 9223372036854775807',
    'otel.tool_result.max_bytes',
    'found 9223372036854775807, expected a whole number from 0 to 9007199254740991',
  ],
  [
    'half a byte',
    '[otel]\ntool_result.max_bytes = 0.5',
    'otel.tool_result.max_bytes',
    'found 0.5, expected a whole number from 0 to 9007199254740991',
  ],
  [
    'span attributes that are text',
    '[otel]\nspan_attributes = "a=b"',
    'otel.span_attributes',
    'found a string, expected a table of strings',
  ],
  [
    'a tracestate that is text',
    '[otel]\ntracestate = "a=b"',
    'otel.tracestate',
    'found a string, expected a table of tables',
  ],
  [
    'unknown temporality',
    '[otel]\ntemporality = "Delta"',
    'otel.temporality',
    "found 'Delta', expected 'delta' or 'cumulative' or 'lowmemory'; did you mean 'delta'?",
  ],
  [
    'unknown GenAI conventions',
    '[otel]\ngen_ai = "events"',
    'otel.gen_ai',
    "found 'events', expected 'attributes' or 'spans'",
  ],
  [
    'an instance id that is a number',
    '[otel]\nservice_instance_id = 5',
    'otel.service_instance_id',
    'found 5, expected a string, or true for a random one',
  ],
  [
    'a spool that is a flag',
    '[otel]\nspool = true',
    'otel.spool',
    'found true, expected a table with directory, max_bytes and max_age_ms',
  ],
  ['a list of tables', '[[otel]]\nexporter = "none"', 'otel', 'found a list, expected a table'],
  [
    'a list for headers',
    grpcWith('headers = []'),
    'otel.exporter.otlp-grpc.headers',
    'found a list, expected a table of strings',
  ],
  [
    'a list for span attributes',
    '[otel]\nspan_attributes = []',
    'otel.span_attributes',
    'found a list, expected a table of strings',
  ],
  [
    'a date for a spool',
    '[otel]\nspool = 2026-01-01',
    'otel.spool',
    'found a date, expected a table with directory, max_bytes and max_age_ms',
  ],
  ['an otel table that is text', 'otel = "on"', 'otel', 'found a string, expected a table'],
  ['analytics that is a flag', 'analytics = false', 'analytics', 'found false, expected a table with enabled'],
  [
    'an analytics switch that is text',
    '[analytics]\nenabled = "no"',
    'analytics.enabled',
    "found 'no', expected true or false",
  ],
  [
    'text that is not TOML',
    '[otel]\nexporter =',
    'otel',
    'the configuration is not valid TOML: invalid value (line 2, column 11); nothing in it is used until that is corrected',
  ],
  [
    'a repeated key',
    '[otel]\nenvironment = "a"\nenvironment = "b"',
    'otel',
    'the configuration is not valid TOML: trying to redefine an already defined table or value (line 3, column 1); nothing in it is used until that is corrected',
  ],
];

describe('parseOtelConfig', () => {
  it.each(refusals)('refuses %s', async (_name, toml, path, message) => {
    await expectRefusal(toml, path, message);
  });

  it('refuses what it cannot read, without repeating the error', async () => {
    const overrides = [5 as unknown as string];
    expect((await refused('', { overrides })).problems).toEqual([
      { path: 'otel', message: 'the configuration cannot be read' },
    ]);
  });

  it('reports every problem of a file at once', async () => {
    const error = await refused(
      '[otel]\nexporter = "zipkin"\nlog_user_prompt = 1\n[otel.trace_exporter.otlp-http]\n[otel.metrics_exporter.otlp-grpc]\nendpoint = "x"\n[analytics]\nenabled = 1',
    );
    expect(error.problems.map(({ path }) => path)).toEqual([
      'otel.exporter',
      'otel.trace_exporter.otlp-http.endpoint',
      'otel.trace_exporter.otlp-http.protocol',
      'otel.metrics_exporter.otlp-grpc.endpoint',
      'otel.log_user_prompt',
      'analytics.enabled',
    ]);
    expect(error.path).toBe('otel.exporter');
    expect(error.message.split('\n')).toHaveLength(7);
  });

  it('reports the unset variables of all exporters at once', async () => {
    const exporter = (name: string) =>
      `[otel.${name}.otlp-grpc]\nendpoint = "http://a"\nheaders = { h = "\${NOT_SET}" }\n`;
    const error = await refused(exporter('exporter') + exporter('metrics_exporter'));
    expect(error.problems.map(({ path }) => path)).toEqual([
      'otel.exporter.otlp-grpc.headers.h',
      'otel.metrics_exporter.otlp-grpc.headers.h',
    ]);
  });

  it.each([[5], [true], [[]], [() => ({})], [new Map()]])('refuses %p, which is not a configuration', async (input) => {
    expect((await refused(input)).problems).toEqual([
      { path: 'otel', message: 'the configuration is neither TOML text nor a table' },
    ]);
  });
});
