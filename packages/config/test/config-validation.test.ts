import { describe, expect, it } from '@jest/globals';
import { validateConfig } from '../src/config-validation.ts';

const grpc = (table: object) => ({ otel: { exporter: { 'otlp-grpc': { endpoint: 'https://c', ...table } } } });

describe('validateConfig', () => {
  it.each([
    ['a list instead of a table', grpc({ headers: ['a'] }), 'otel.exporter.otlp-grpc.headers'],
    ['a wrong value', grpc({ compression: 'zip' }), 'otel.exporter.otlp-grpc.compression'],
  ])('gives no part of a table with %s', (_what, table, path) => {
    const { config, problems } = validateConfig(table, false);
    expect(problems).toMatchObject([{ path }]);
    expect(config).toEqual({});
  });

  it.each<[string, string, unknown?]>([
    ['otel', 'environment'],
    ['analytics', 'enabled'],
    ['otel', 'span_attributes', 5],
    ['otel', 'tracestate', 'text'],
  ])(
    'refuses a wrong value in %s, which is no entry of a table that may have bad entries',
    (table, key, value = {}) => {
      const { problems, warnings } = validateConfig({ [table]: { [key]: value } }, false);
      expect(problems).toMatchObject([{ path: `${table}.${key}` }]);
      expect(warnings).toEqual([]);
    },
  );

  it('leaves out a bad entry of such a table, unless it is a requirement', () => {
    const table = () => ({ otel: { span_attributes: { good: 'a', bad: 1 } } });
    const path = 'otel.span_attributes.bad';
    const own = validateConfig(table(), false);
    expect(own).toMatchObject({
      config: { otel: { span_attributes: { good: 'a' } } },
      problems: [],
      warnings: [{ path }],
    });
    expect(own.config.otel?.span_attributes).not.toHaveProperty('bad');
    expect(validateConfig(table(), true)).toMatchObject({ config: {}, problems: [{ path }], warnings: [] });
  });

  it('reports what is wrong beside a list that should be a table', () => {
    const { problems } = validateConfig(grpc({ headers: ['a'], compression: 'zip' }), false);
    expect(problems.map(({ path }) => path)).toEqual([
      'otel.exporter.otlp-grpc.headers',
      'otel.exporter.otlp-grpc.compression',
    ]);
  });

  const long = 'k'.repeat(100);
  it.each<[string, unknown]>([
    ['a list', ['secret']],
    ['a date', new Date(0)],
    ['null', null],
    ['an object', new Map([['secret', 1]])],
    ['a function', () => 'secret'],
    ['5', 5],
    ['true', true],
    ['a table', {}],
    [`a table with '${long.slice(0, 60)}'`, { [long]: 'secret' }],
    ["a table with 'a', 'b', 'c', 'd', 'e'", { a: 'secret', b: 1, c: 1, d: 1, e: 1, f: 1 }],
  ])('shows a wrong value as %s', (shown, value) => {
    const [problem] = validateConfig({ otel: { environment: value } }, false).problems;
    expect(problem?.message.split(', expected ')[0]).toBe(`found ${shown}`);
    expect(problem?.message).not.toContain('secret');
  });

  it.each([
    ['of entries', { otel: { span_attributes: 'secret' } }],
    ['with fixed keys', grpc({ tls: 'secret' })],
    ['with secrets', grpc({ headers: 'secret' })],
  ])('does not show text that stands for a table %s', (_what, table) => {
    const [problem] = validateConfig(table, false).problems;
    expect(problem?.message).toMatch(/^found a string, expected /);
    expect(problem?.message).not.toContain('secret');
  });
});
