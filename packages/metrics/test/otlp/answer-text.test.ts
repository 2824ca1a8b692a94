import { describe, expect, it } from '@jest/globals';
import { answerText } from '../../src/otlp/answer-text.ts';

describe('answerText', () => {
  it('is one line', () => {
    expect(answerText('a\r\nb', [])).toBe('a b');
  });

  it('has no secrets, whole or in their parts', () => {
    expect(answerText('bad key: sk-123456789, sent as Bearer sk-123456789', ['Bearer sk-123456789'])).toBe(
      'bad key: ***, sent as ***',
    );
  });
});
