import { isOtelConfigError, OtelConfigError, validateSpanAttributes } from '@codex-otel/config';
import { describe, expect, it } from '@jest/globals';

describe('validateSpanAttributes', () => {
  it('accepts any key that is not empty', () => {
    expect(() => validateSpanAttributes({ a: '', ' ': 'b', 'ü.ñ': 'c' })).not.toThrow();
    expect(() => validateSpanAttributes({})).not.toThrow();
  });

  it('refuses an empty key', () => {
    expect(() => validateSpanAttributes({ a: 'b', '': 'c' })).toThrow(
      new OtelConfigError({ path: 'otel.span_attributes', message: 'found an empty key' }),
    );
  });

  it('refuses a value that is not a string', () => {
    const attributes: Record<string, string> = JSON.parse('{ "a": 5 }');
    expect(() => validateSpanAttributes(attributes)).toThrow("otel.span_attributes: the value of 'a' is not a string");
  });
});

describe('isOtelConfigError', () => {
  it('recognises the error of another copy of this package', () => {
    const foreign = Object.assign(new Error('x'), { name: 'OtelConfigError' });
    expect(isOtelConfigError(foreign)).toBe(true);
    expect(isOtelConfigError(new Error('x'))).toBe(false);
    expect(isOtelConfigError({ name: 'OtelConfigError' })).toBe(false);
  });
});
