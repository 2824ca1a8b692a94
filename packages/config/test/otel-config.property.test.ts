import { isOtelConfigError } from '@codex-otel/config';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsed } from './parsed.ts';

const keys = [
  'otel',
  'analytics',
  'enabled',
  'environment',
  'exporter',
  'trace_exporter',
  'metrics_exporter',
  'otlp-http',
  'otlp-grpc',
  'statsig',
  'endpoint',
  'protocol',
  'headers',
  'headers_helper',
  'command',
  'tls',
  'ca-certificate',
  'client-certificate',
  'span_attributes',
  'tracestate',
  'resource_attributes',
  'tool_result',
  'max_bytes',
  'spool',
  'service_instance_id',
  '__proto__',
  'constructor',
  'toString',
  '',
];
const key = fc.oneof(fc.constantFrom(...keys), fc.string({ maxLength: 8 }));
const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    'none',
    'console',
    'statsig',
    'http://a',
    'https://a/b',
    'binary',
    'json',
    true,
    false,
    -1,
    0,
    5,
    0.5,
  ),
  fc.constantFrom<unknown>(null, undefined, Number.NaN, 9n, Symbol('s'), () => 0, new Date(Number.NaN), new Map(), /a/),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 6, noNullPrototype: false }),
  ),
}));
const configuration = fc.oneof(value, fc.record({ otel: fc.dictionary(key, value, { maxKeys: 8 }), analytics: value }));
const env = fc.dictionary(
  fc.constantFrom(
    'OTEL_SDK_DISABLED',
    'OTEL_LOGS_EXPORTER',
    'OTEL_RESOURCE_ATTRIBUTES',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OTEL_BSP_MAX_QUEUE_SIZE',
    'OTEL_TRACES_SAMPLER_ARG',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

/** Text that is nearly TOML: its tokens in any order. */
const toml = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '[',
        ']',
        '[[',
        ']]',
        '{',
        '}',
        '=',
        '.',
        ',',
        '\n',
        '"',
        "'",
        '"""',
        '#',
        '\\',
        ' ',
        '\r',
        '\0',
        '\u{feff}',
        '\u{d800}',
      ),
      key,
      fc.constantFrom(
        ...keys.map((name) => `\n[otel.${name}]\n`),
        ...keys.map((name) => `\n${name} = `),
        '"none"',
        'true',
        '1',
        '1e999',
        '0x',
        '1979-05-27',
      ),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

/** Whether reading ends well, or with the one error that it may have. */
async function endsWell(read: () => Promise<unknown>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!isOtelConfigError(error)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    expect(error.message).not.toBe('otel: the configuration cannot be read');
  }
}

describe('parseOtelConfig, with any input', () => {
  it('throws only an OtelConfigError for a table', async () => {
    await fc.assert(
      fc.asyncProperty(configuration, configuration, env, (input, managed, variables) =>
        endsWell(() => parsed(input, { managed, env: variables })),
      ),
      { numRuns: 300 },
    );
  });

  it('throws only an OtelConfigError for text', async () => {
    await fc.assert(
      fc.asyncProperty(toml, fc.array(toml, { maxLength: 2 }), (text, overrides) =>
        endsWell(() => parsed(text, { overrides })),
      ),
      { numRuns: 300 },
    );
  });

  it('throws only an OtelConfigError for any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), (text) =>
        endsWell(() => parsed(text, { overrides: [text, `otel.${text}`, `otel.environment=${text}`] })),
      ),
      { numRuns: 200 },
    );
  });

  it('does not change what it is given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(key, fc.jsonValue({ maxDepth: 4 })), async (otel) => {
        const before = JSON.stringify(otel);
        await endsWell(() => parsed({ otel }));
        expect(JSON.stringify(otel)).toBe(before);
      }),
      { numRuns: 200 },
    );
  });
});

const size = 131_072;
const filled = (line: (index: number) => string) => {
  let text = '';
  for (let index = 0; text.length < size; index += 1) text += line(index);
  return text.slice(0, text.lastIndexOf('\n', size));
};
const deep = (depth: number) => {
  let table: Record<string, unknown> = { environment: 'x' };
  for (let level = 0; level < depth; level += 1) table = { otel: table };
  return table;
};

describe('parseOtelConfig, with much input', () => {
  it.each<[string, () => unknown]>([
    ['unknown keys', () => `[otel]\n${filled((index) => `k${index} = ${index}\n`)}`.slice(0, size)],
    ['span attributes', () => `[otel.span_attributes]\n${filled((index) => `k${index} = "v"\n`)}`.slice(0, size)],
    [
      'bad span attributes',
      () => `[otel.span_attributes]\n${Array.from({ length: 1900 }, (_, index) => `k${index} = 1`).join('\n')}`,
    ],
    [
      'tracestate members',
      () => Array.from({ length: 900 }, (_, index) => `[otel.tracestate.m${index}]\na="b"`).join('\n'),
    ],
    ['brackets', () => `a = ${'['.repeat(size - 10)}`],
    ['nested inline tables', () => `otel = ${'{a='.repeat(size / 4)}`],
    ['nested keys', () => `otel${'.a'.repeat(40_000)} = 1`],
    ['one long text', () => `[otel]\nenvironment = "${'x'.repeat(size - 50)}"`],
    ['one long endpoint', () => `[otel.exporter.otlp-grpc]\nendpoint = "http://${'/'.repeat(200_000)}"`],
    ['an unfinished text', () => `[otel]\nenvironment = """${'\n'.repeat(size - 50)}`],
    [
      'a header full of placeholders',
      () => `[otel.exporter.otlp-grpc]\nendpoint="http://a"\nheaders={a="${'${'.repeat(100_000)}"}`,
    ],
    ['a tracestate value of spaces', () => ({ otel: { tracestate: { m: { a: `${' '.repeat(1_000_000)},` } } } })],
    [
      'a list of numbers where text belongs',
      () => ({ otel: { exporter: { 'otlp-grpc': { headers_helper: Array(1e6).fill(5) } } } }),
    ],
    ['a text of a megabyte', () => 'x'.repeat(1_000_000)],
    ['a deep table', () => deep(100_000)],
    [
      'a wide table',
      () => ({ otel: Object.fromEntries(Array.from({ length: 1900 }, (_, index) => [`exporte${index}`, 1])) }),
    ],
  ])('ends well: %s', async (_name, input) => {
    const made = input();
    await endsWell(() => parsed(made));
  });

  it.each(['otel.', '"', 'otel."', "otel.'", 'otel.a', 'otel. ', ' ', '=', 'otel.a=[', 'otel.a=\\', 'otel.a.'])(
    'ends well with overrides made of %j',
    async (piece) => {
      const text = piece.repeat(120_000 / piece.length);
      await endsWell(() => parsed('', { overrides: [text, `${text}x=1`, `otel.environment=${text}`] }));
    },
  );
});
