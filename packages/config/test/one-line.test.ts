import { describe, expect, it } from '@jest/globals';
import { errorName, errorReason, oneLine } from '../src/one-line.ts';

describe('errorReason', () => {
  it('names the code if the message does not', () => {
    expect(errorReason(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }))).toBe(
      'socket hang up (ECONNRESET)',
    );
    expect(errorReason(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))).toBe(
      'connect ECONNREFUSED',
    );
  });

  it('looks into an error for several addresses', () => {
    expect(errorReason(new AggregateError([new Error('refused'), new Error('timed out')]))).toBe('refused');
  });

  it('takes anything', () => {
    expect(errorReason('text')).toBe('text');
    expect(errorReason(undefined)).toBe('undefined');
  });
});

describe('oneLine', () => {
  it('has no control characters and a limited length', () => {
    expect(oneLine('a\r\nb\u001b[31mc\u2028d')).toBe('a b [31mc d');
    expect(oneLine('x'.repeat(10_000))).toHaveLength(300);
  });
});

describe('errorName', () => {
  it('contains nothing of the message', () => {
    expect(errorName(new RangeError('secret'))).toBe('RangeError');
    expect(errorName('secret')).toBe('string');
    expect(errorName(Object.assign(new Error('secret'), { name: 'a\nb' }))).toBe('a b');
  });
});
