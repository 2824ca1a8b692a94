import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errorType } from '../src/error-type.ts';

describe('errorType', () => {
  it.each([
    [
      "an API error's code",
      { code: 'insufficient_quota', type: 'quota', message: 'You exceeded' },
      'insufficient_quota',
    ],
    ['else its type', { code: null, type: 'server_error' }, 'server_error'],
    ["else the error's name", new TypeError('secret'), 'TypeError'],
    ['a system error code', Object.assign(new Error('connect'), { code: 'ECONNRESET' }), 'ECONNRESET'],
    ['the name of an abort, whose code is a number', { name: 'AbortError', code: 20 }, 'AbortError'],
    ['an HTTP status rather than the mere word Error', Object.assign(new Error('x'), { status: 503 }), '503'],
    ['the mere word Error where there is nothing else', new Error('secret'), 'Error'],
    ['_OTHER for text, which may be content', 'the prompt was refused', '_OTHER'],
    ['_OTHER for a code that reads like a sentence', { code: 'the prompt was refused' }, '_OTHER'],
    ['never a key that was refused', { code: 'sk-proj-aB3dE5fG7hJ9kL1mN3pQ5rS7', type: 'auth' }, 'auth'],
    [
      'a code of many words and a number',
      { code: 'AUTH_ERR2:InvalidAuthenticationTokenTenant' },
      'AUTH_ERR2:InvalidAuthenticationTokenTenant',
    ],
    ['the long name of a class', { name: 'InvalidS3ObjectException' }, 'InvalidS3ObjectException'],
    ['_OTHER for nothing', undefined, '_OTHER'],
  ])('is %s', (_what, error, type) => expect(errorType(error)).toBe(type));

  it('survives an error whose getters throw', () => {
    const hostile = {
      get code() {
        throw new Error('no');
      },
    };
    expect(errorType(hostile)).toBe('_OTHER');
  });

  it('is short and has no spaces, whatever it gets', () => {
    fc.assert(fc.property(fc.anything(), (error) => expect(errorType(error)).toMatch(/^[\w.:/-]{1,64}$/)));
  });
});
