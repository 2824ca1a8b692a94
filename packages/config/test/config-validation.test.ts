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
  ])('refuses a wrong value in %s, which is no entry of a table that may have bad entries', (table, key, value = {}) => {
    const { problems, warnings } = validateConfig({ [table]: { [key]: value } }, false);
    expect(problems).toMatchObject([{ path: `${table}.${key}` }]);
    expect(warnings).toEqual([]);
  });

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
});
