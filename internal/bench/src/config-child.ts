// One reading of a configuration in a process of its own: prints its milliseconds, imports included.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const [name = ''] = process.argv.slice(2);
const limit = 131_072;

const typical = `model = "gpt-5"
approval_policy = "on-request"

[otel]
environment = "prod"
log_user_prompt = true
exporter = { otlp-http = { endpoint = "https://c.example/v1/logs", protocol = "binary", headers = { "x-key" = "\${CONFIG_BENCH_KEY}" } } }

[otel.trace_exporter.otlp-http]
endpoint = "https://c.example/v1/traces"
protocol = "json"

[otel.span_attributes]
team = "core"

[mcp_servers.docs]
command = "docs"
args = ["--stdio"]
`;
const otel = {
  environment: 'prod',
  log_user_prompt: true,
  exporter: { 'otlp-http': { endpoint: 'https://c.example/v1/logs', protocol: 'binary', headers: { 'x-key': 'v' } } },
  span_attributes: { team: 'core' },
};
const exporterJsonSchema = {
  type: 'object',
  properties: {
    'otlp-http': {
      type: 'object',
      properties: {
        endpoint: { type: 'string' },
        protocol: { enum: ['binary', 'json'] },
        headers: { type: 'object', additionalProperties: { type: 'string' } },
      },
      required: ['endpoint', 'protocol'],
    },
  },
};
const projects = lines((index) => `[projects."/home/me/work/project-${index}"]\ntrust_level = "trusted"\n`);

const cases: Readonly<Record<string, () => Promise<number>>> = {
  typical: () => load(typical),
  'without our table': () => load('model = "gpt-5"\n[mcp_servers.docs]\ncommand = "docs"\n'),
  'without a file': () => load(undefined),
  'largest, other tables': () => parseAgain(`${projects}[otel]\n`),
  'largest, unknown keys': () => parseAgain(`[otel]\n${lines((index) => `key${index} = ${index}\n`)}`),
  'largest, list of tables': () => parseAgain(`${'[[a]]\n'.repeat(limit / 6 - 10)}`),
  'largest, unfinished text': () => parseAgain(`[otel]\nenvironment = """${'\n'.repeat(limit - 50)}`),
  'smol-toml': () => timed(async () => (await import('smol-toml')).parse(typical)),
  '@iarna/toml': () => timed(async () => (await import('@iarna/toml')).default.parse(typical)),
  toml: () => timed(async () => (await import('toml')).parse(typical)),
  valibot: () =>
    timed(async () => {
      const v = await import('valibot');
      const exporter = v.object({
        'otlp-http': v.object({
          endpoint: v.string(),
          protocol: v.picklist(['binary', 'json']),
          headers: v.record(v.string(), v.string()),
        }),
      });
      const texts = v.record(v.string(), v.string());
      const schema = v.object({
        environment: v.string(),
        log_user_prompt: v.boolean(),
        exporter,
        span_attributes: texts,
      });
      return v.parse(schema, otel);
    }),
  'zod/mini': () => timed(async () => validateWithZod(await import('zod/mini'))),
  zod: () => timed(async () => validateWithZod(await import('zod'))),
  ajv: () =>
    timed(async () => {
      const { Ajv } = await import('ajv');
      const texts = { type: 'object', additionalProperties: { type: 'string' } };
      const properties = {
        environment: { type: 'string' },
        log_user_prompt: { type: 'boolean' },
        exporter: exporterJsonSchema,
        span_attributes: texts,
      };
      return new Ajv({ allErrors: true }).compile({ type: 'object', properties })(otel);
    }),
};

const run = cases[name];
if (run === undefined) throw new Error(`no case '${name}'`);
console.log(JSON.stringify(await run()));

async function load(text: string | undefined): Promise<number> {
  const codexHome = mkdtempSync(path.join(os.tmpdir(), 'codex-otel-config-'));
  try {
    if (text !== undefined) writeFileSync(path.join(codexHome, 'config.toml'), text);
    const env = { CONFIG_BENCH_KEY: 'key' };
    return await timed(async () => {
      const { loadOtelSettings } = await import('@codex-otel/config');
      return loadOtelSettings({ codexHome, serviceName: 'bench', serviceVersion: '1.0.0', env });
    });
  } finally {
    rmSync(codexHome, { recursive: true });
  }
}

/** The time of a later reading, with everything loaded. */
async function parseAgain(text: string): Promise<number> {
  const { parseOtelConfig } = await import('@codex-otel/config');
  const options = { codexHome: '/', serviceName: 'bench', serviceVersion: '1.0.0', env: {} };
  const read = () => parseOtelConfig(text.slice(0, limit), options).catch(() => undefined);
  await read();
  return timed(read);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

type Zod = Pick<typeof import('zod/mini'), 'object' | 'string' | 'boolean' | 'enum' | 'record'>;

function validateWithZod(z: Zod): unknown {
  const texts = z.record(z.string(), z.string());
  const http = z.object({ endpoint: z.string(), protocol: z.enum(['binary', 'json']), headers: texts });
  const exporter = z.object({ 'otlp-http': http });
  return z
    .object({ environment: z.string(), log_user_prompt: z.boolean(), exporter, span_attributes: texts })
    .parse(otel);
}

function lines(line: (index: number) => string): string {
  const all: string[] = [];
  for (let length = 0; length < limit - 100; ) {
    const next = line(all.length);
    all.push(next);
    length += next.length;
  }
  return all.join('');
}
