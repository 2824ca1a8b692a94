import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { characterCount, lineCount, TRUNCATION_NOTICE, textPreview, utf8Prefix } from '../src/text-limits.ts';

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');
/** Texts without lone surrogates, as encoders need them. */
const texts = fc.string({ unit: fc.constantFrom('a', '\n', 'é', '€', '😀') });

describe('utf8Prefix', () => {
  it.each([
    ['a text that fits', 'aé€', 6, 'aé€'],
    ['no half of a character', 'aé', 2, 'a'],
    ['no half of a pair', '😀😀', 7, '😀'],
    ['nothing at 0', 'a', 0, ''],
    ['the whole at the exact size', '€€', 6, '€€'],
  ])('keeps %s', (_what, text, limit, kept) => {
    expect(utf8Prefix(text, limit)).toBe(kept);
  });

  it('gives the longest beginning that fits', () => {
    fc.assert(
      fc.property(texts, fc.nat(40), (text, limit) => {
        const prefix = utf8Prefix(text, limit);
        expect(text.startsWith(prefix)).toBe(true);
        expect(bytes(prefix)).toBeLessThanOrEqual(limit);
        const next = text.slice(prefix.length).codePointAt(0);
        if (next !== undefined) expect(bytes(prefix + String.fromCodePoint(next))).toBeGreaterThan(limit);
      }),
    );
  });

  it('accepts invalid Unicode', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, limit) => {
        expect(bytes(utf8Prefix(text, limit))).toBeLessThanOrEqual(limit);
      }),
    );
    expect(utf8Prefix('\ud800'.repeat(10), 6)).toBe('\ud800\ud800');
  });
});

describe('textPreview', () => {
  it.each(['', 'first\r\nsecond\r\n', TRUNCATION_NOTICE])('case 54: leaves %j as it is', (text) => {
    expect(textPreview(text, 2048)).toEqual({ text, truncated: false });
  });

  it.each([
    ['a long text', 'x'.repeat(2056), 2048, `${'x'.repeat(2048)}\n${TRUNCATION_NOTICE}`],
    ['a character at the limit', 'aé', 2, `a\n${TRUNCATION_NOTICE}`],
    ['limit 0', 'x', 0, TRUNCATION_NOTICE],
    ['a prefix that ends its line', 'ab\ncd', 3, `ab\n${TRUNCATION_NOTICE}`],
  ])('case 54: truncates %s and says so', (_what, text, limit, expected) => {
    expect(textPreview(text, limit)).toEqual({ text: expected, truncated: true });
  });
});

describe('characterCount', () => {
  it('counts code points, even in invalid Unicode', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => expect(characterCount(text)).toBe([...text].length)),
    );
  });
});

describe('lineCount', () => {
  it.each([
    ['', 0],
    ['a', 1],
    ['a\n', 1],
    ['a\nb', 2],
    ['\n', 1],
    ['\n\n', 2],
    ['a\r\nb\r\n', 2],
  ])('%j has %i', (text, lines) => {
    expect(lineCount(text)).toBe(lines);
  });
});
