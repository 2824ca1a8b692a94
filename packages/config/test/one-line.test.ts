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

  it('does not look into an error that has a message of its own, nor into one without further errors', () => {
    expect(errorReason(new AggregateError([new Error('refused')], 'both failed'))).toBe('both failed');
    expect(errorReason(new AggregateError([]))).toBe('AggregateError');
  });

  it('uses the name if there is no message, and ignores a code that is not a string', () => {
    expect(errorReason(new RangeError())).toBe('RangeError');
    expect(errorReason(Object.assign(new Error('failed'), { code: 5 }))).toBe('failed');
    expect(errorReason(Object.assign(new Error(' a\nb '), { code: '' }))).toBe('a b');
  });

  it('takes anything', () => {
    expect(errorReason('text')).toBe('text');
    expect(errorReason('a\nb')).toBe('a b');
    expect(errorReason(undefined)).toBe('undefined');
  });
});

describe('oneLine', () => {
  it('has no control characters and a limited length', () => {
    expect(oneLine('a\r\nb\u001b[31mc\u2028d')).toBe('a b [31mc d');
    expect(oneLine('x'.repeat(10_000))).toHaveLength(300);
    expect(oneLine(' \n a \n')).toBe('a');
    // Only the first part of a long text is read; line breaks are removed after that.
    expect(oneLine(`${'\n'.repeat(900)}${'x'.repeat(400)}`)).toBe('x'.repeat(300));
    expect(oneLine(`${'\n'.repeat(1100)}${'x'.repeat(400)}`)).toBe('x'.repeat(100));
    expect(oneLine('a\ud800b')).toBe('a b');
  });
});

describe('errorName', () => {
  it('contains no part of the message', () => {
    expect(errorName(new RangeError('secret'))).toBe('RangeError');
    expect(errorName('secret')).toBe('string');
    expect(errorName(Object.assign(new Error('secret'), { name: 'a\nb' }))).toBe('a b');
  });
});
