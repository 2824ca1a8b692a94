import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'smol-toml';
import { configJsonSchema } from '../scripts/json-schema.ts';
import { parsed } from './parsed.ts';

const published: object = createRequire(import.meta.url)('@codex-otel/config/schema.json');
const validate = new Ajv({ allErrors: true, strict: false }).compile(published);

const good = [
  '',
  'model = "x"',
  '[otel]\nenvironment = "prod"\nlog_user_prompt = true\nexporter = "none"\ntrace_exporter = "console"\nmetrics_exporter = "statsig"',
  '[otel.exporter.otlp-http]\nendpoint = "https://a"\nprotocol = "binary"\nheaders = { a = "b" }\ncompression = "gzip"\n[otel.exporter.otlp-http.tls]\nca-certificate = "/ca.pem"',
  '[otel.exporter.otlp-grpc]\nendpoint = "http://a:4317"\nheaders_helper = ["a", "b"]',
  '[otel.exporter.otlp-grpc]\nendpoint = "http://a:4317"\nheaders_helper = { command = ["a"], ttl_ms = 5, timeout_ms = 5 }',
  '[otel.metrics_exporter.statsig]\napi_key = "k"',
  '[otel.tool_result]\nmax_bytes = 0\n[otel.span_attributes]\na = "b"\n[otel.resource_attributes]\na = "b"\n[otel.tracestate.a]\nb = "c"',
  '[otel]\nservice_instance_id = true\ntemporality = "delta"\n[otel.spool]\nmax_bytes = 1\n[analytics]\nenabled = false',
];
const bad = [
  '[otel]\nexporter = "zipkin"',
  '[otel]\nexporter = {}',
  '[otel]\nexporter = { otlp-http = { endpoint = "http://a" } }',
  '[otel]\nexporter = { otlp-grpc = { endpoint = "a" } }',
  '[otel]\nexporter = { otlp-grpc = { endpoint = "http://a", headers = { a = 1 } } }',
  '[otel]\ntool_result = true',
  '[otel]\nlog_user_prompt = "yes"',
  '[otel]\nenvironment = ""',
  'otel = 5',
];

describe('schema.json', () => {
  it("is up to date: 'pnpm schema' writes it", () => {
    expect(published).toEqual(configJsonSchema());
  });

  it.each(good)('accepts what the parser accepts: %j', async (toml) => {
    await expect(parsed(toml)).resolves.toBeDefined();
    validate(parse(toml));
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each(bad)('refuses what the parser refuses: %j', async (toml) => {
    await expect(parsed(toml)).rejects.toBeDefined();
    expect(validate(parse(toml))).toBe(false);
  });

  it.each(['[otel]\nlog_user_promt = true', '[otel.exporter.otlp-grpc]\nendpoint = "http://a"\nheader = {}'])(
    'refuses what the parser warns about: %j',
    async (toml) => {
      await expect(parsed(toml)).resolves.toBeDefined();
      expect(validate(parse(toml))).toBe(false);
    },
  );

  it('describes every key of the table', () => {
    const { properties }: { properties: Record<string, { properties: Record<string, { description?: string }> }> } =
      JSON.parse(JSON.stringify(published));
    for (const [name, { description }] of Object.entries(properties.otel?.properties ?? {})) {
      expect([name, description]).toEqual([name, expect.stringMatching(/\.$/)]);
    }
  });
});
