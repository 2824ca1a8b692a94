import { describe, expect, it } from '@jest/globals';
import { extractW3cTraceHeaders, parseTraceparent, validateTracestateMember } from '../src/index.ts';

// Every character at every place of a header, compared with what the recommendation allows.

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const characters = [...Array(0x180).keys(), 0x2028, 0x2029, 0xfeff].map((code) => String.fromCharCode(code));

/** All characters for which `test` is true. */
function allowed(test: (character: string) => boolean): string {
  return characters.filter(test).join('');
}

const isValidList = (list: string): boolean =>
  extractW3cTraceHeaders({ traceparent, tracestate: list })?.tracestate !== undefined;
const accepts = (validate: () => void): boolean => {
  try {
    validate();
    return true;
  } catch {
    return false;
  }
};

const digits = '0123456789';
const letters = 'abcdefghijklmnopqrstuvwxyz';
const inKey = `*-/${digits}@_${letters}`;
const printable = allowed((character) => character >= ' ' && character <= '~');
const without = (text: string, left: string): string => [...text].filter((one) => !left.includes(one)).join('');

describe('traceparent', () => {
  it('only has hexadecimal digits and dashes in their places', () => {
    for (let at = 0; at < traceparent.length; at++) {
      const taken = allowed((one) => !!parseTraceparent(traceparent.slice(0, at) + one + traceparent.slice(at + 1)));
      expect([at, taken]).toEqual([at, [2, 35, 52].includes(at) ? '-' : `${digits}abcdef`]);
    }
  });

  it('has nothing but spaces and tabs around it', () => {
    expect(allowed((one) => !!parseTraceparent(one + traceparent))).toBe('\t ');
    expect(allowed((one) => !!parseTraceparent(traceparent + one))).toBe('\t ');
  });

  it.each([0, 1, 2, 3, 34, 36, 51, 53, 54])('has exactly the characters that it needs at %i', (at) => {
    expect(parseTraceparent(`${traceparent.slice(0, at)}1${traceparent.slice(at)}`)).toBeUndefined();
    expect(parseTraceparent(traceparent.slice(0, at) + traceparent.slice(at + 1))).toBeUndefined();
  });

  it('has ids and flags of one length each', () => {
    const lengths = [...Array(70).keys()];
    const accepted = (header: (digits: string) => string) =>
      lengths.filter((length) => parseTraceparent(header('1'.repeat(length))));
    expect(accepted((one) => `${one}${traceparent.slice(2)}`)).toEqual([2]);
    expect(accepted((one) => `00-${one}${traceparent.slice(35)}`)).toEqual([32]);
    expect(accepted((one) => `${traceparent.slice(0, 36)}${one}-01`)).toEqual([16]);
    expect(accepted((one) => `${traceparent.slice(0, 53)}${one}`)).toEqual([2]);
  });

  it('can continue after a dash in every version but 00', () => {
    const versions = Array.from({ length: 255 }, (_, version) => version.toString(16).padStart(2, '0'));
    const longer = versions.filter((version) => parseTraceparent(`${version}${traceparent.slice(2)}-more`));
    expect(longer).toEqual(versions.slice(1));
    expect(allowed((one) => !!parseTraceparent(`cc${traceparent.slice(2)}${one}`))).toBe('\t -');
    expect(parseTraceparent(` ff${traceparent.slice(2)}`)).toBeUndefined();
  });

  it('has the two flags that are known, of any value', () => {
    for (let flags = 0; flags < 256; flags++) {
      const header = traceparent.slice(0, 53) + flags.toString(16).padStart(2, '0');
      expect(parseTraceparent(`\t ${header} `)?.traceFlags).toBe(flags & 3);
    }
  });

  it('is refused unread when it is longer than 20,000 characters', () => {
    const padded = (length: number): string => traceparent.padStart(length);
    expect(parseTraceparent(padded(20_000))).toBeDefined();
    expect(parseTraceparent(padded(20_001))).toBeUndefined();
  });
});

describe('tracestate', () => {
  it.each<[place: string, list: (character: string) => string, expected: string]>([
    ['a key of one character', (one) => `${one}=v`, digits + letters],
    ['the beginning of a key, or before it', (one) => `${one}k=v`, `\t ,${digits}${letters}`],
    ['the beginning of a later key, or before it', (one) => `j=v,${one}k=v`, `\t ,${digits}${letters}`],
    ['the middle of a key', (one) => `k${one}k=v`, inKey],
    ['the middle of a key that begins with a digit', (one) => `0${one}k=v`, inKey],
    ['what follows an at sign', (one) => `k@${one}k=v`, inKey],
    ['the end of a key', (one) => `k${one}=v`, inKey],
    ['a value of one character', (one) => `k=${one}`, without(printable, ' ,=')],
    ['the beginning of a value', (one) => `k=${one}v`, without(printable, ',=')],
    ['the middle of a value', (one) => `k=v${one}v`, without(printable, ',=')],
    ['the end of a value, or after it', (one) => `k=v${one},j=v`, `\t${without(printable, '=')}`],
    ['what is between members', (one) => `k=v ,${one}, j=v`, '\t ,'],
    ['what is at the end', (one) => `k=v ,${one}`, '\t ,'],
  ])('has, for %s, only what is allowed there', (_place, list, expected) => {
    expect(allowed((one) => isValidList(list(one)))).toBe([...new Set(expected)].sort().join(''));
  });

  it.each<[what: string, list: (length: number) => string, longest: number]>([
    ['a key', (length) => `${'k'.repeat(length)}=v`, 256],
    [
      'a key with an at sign after its first character',
      (length) => `${'k@'.padEnd(length, 's').slice(0, length)}=v`,
      256,
    ],
    ['a key that ends in at signs', (length) => `${'k'.padEnd(length, '@').slice(0, length)}=v`, 256],
    ['a value', (length) => `k=${'v'.repeat(length)}`, 256],
  ])('has %s of at least 1 and at most that many characters', (_what, list, longest) => {
    const valid = Array.from({ length: 300 }, (_, length) => length).filter((length) => isValidList(list(length)));
    expect([valid[0], valid.at(-1), valid.length]).toEqual([1, longest, longest]);
  });

  it('has a comma between members', () => {
    expect(allowed((one) => isValidList(`a=1${one}b@s=2`))).toBe(',');
    expect(allowed((one) => isValidList(`a=1 ${one} b@s=2`))).toBe(',');
  });
});

describe('configured tracestate', () => {
  it('has in a field key only what is allowed there', () => {
    const taken = (key: (character: string) => string) =>
      allowed((one) => accepts(() => validateTracestateMember('m', { [key(one)]: 'v' })));
    for (const key of [(one: string) => one, (one: string) => `${one}k`, (one: string) => `k${one}`]) {
      expect(taken(key)).toBe(without(printable, ' ,:;='));
    }
  });

  it('has in a field value only what is allowed there', () => {
    const taken = (value: (character: string) => string) =>
      allowed((one) => accepts(() => validateTracestateMember('m', { k: value(one) })));
    expect(taken((one) => `${one}v`)).toBe(without(printable, ',;='));
    expect(taken((one) => `v${one}`)).toBe(without(printable, ' ,;='));
  });
});
