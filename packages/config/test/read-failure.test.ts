import { describe, expect, it } from '@jest/globals';
import { readFailure } from '../src/read-failure.ts';

describe('readFailure', () => {
  it.each<[unknown, string]>([
    [{ code: 'ENOENT' }, 'no such file'],
    [{ code: 'EACCES' }, 'permission denied'],
    [{ code: 'EPERM' }, 'permission denied'],
    [{ code: 'EISDIR' }, 'EISDIR'],
    [{ code: 5 }, 'unknown reason'],
    [{}, 'unknown reason'],
    [new Error('secret'), 'unknown reason'],
    ['ENOENT', 'unknown reason'],
    [null, 'unknown reason'],
    [undefined, 'unknown reason'],
  ])('describes %j: %s', (error, reason) => {
    expect(readFailure(error)).toBe(reason);
  });
});
