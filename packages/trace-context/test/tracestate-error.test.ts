import { describe, expect, it } from '@jest/globals';
import { isTracestateError, TracestateError } from '../src/index.ts';

describe('isTracestateError', () => {
  it('recognises the error, and that of another copy of the package', () => {
    const error = new TracestateError('invalid');
    expect(isTracestateError(error)).toBe(true);
    expect(error).toMatchObject({ name: 'TracestateError', code: 'INVALID_TRACESTATE', message: 'invalid' });
    expect(isTracestateError(Object.assign(new Error(), { name: 'TracestateError', code: 'INVALID_TRACESTATE' }))).toBe(
      true,
    );
  });

  it.each([
    undefined,
    null,
    'TracestateError',
    {},
    new Error('x'),
    { name: 'TracestateError' },
    { code: 'INVALID_TRACESTATE' },
  ])('does not recognise %p as one', (value) => {
    expect(isTracestateError(value)).toBe(false);
  });
});
