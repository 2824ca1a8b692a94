import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { hidingUrlSecrets, secretRecord, shownText } from '../src/redaction.ts';

describe('hidingUrlSecrets', () => {
  it.each([
    ['http://user:pass@a/b', 'http://[REDACTED]@a/b'],
    ['http://a/b?key=secret#x', 'http://a/b?[REDACTED]'],
    ['http://a#secret\nmore', 'http://a#[REDACTED]'],
    ['http://u@a?x', 'http://[REDACTED]@a?[REDACTED]'],
  ])('shows %j as %j, and keeps the value', (url, shown) => {
    const value = hidingUrlSecrets({ url, other: 1 }, 'url', { other: 2 });
    expect(value).toMatchObject({ url, other: 1 });
    expect(JSON.parse(JSON.stringify(value))).toEqual({ url: shown, other: 2 });
    expect(inspect(value)).toBe(inspect({ url: shown, other: 2 }));
    expect(Object.keys(value)).toEqual(['url', 'other']);
    // Values that are not shown are accessors.
    expect(Object.getOwnPropertyDescriptor(value, 'url')?.get).toBeDefined();
  });

  it.each(['http://a/b', 'http://a/x@y', 'http://a?', 'http://a#'])('does not change %s', (url) => {
    const value = { url };
    expect(hidingUrlSecrets(value, 'url')).toBe(value);
    expect(Object.getOwnPropertyNames(value)).toEqual(['url']);
  });

  it('does not change a value that is not a text', () => {
    const value = { url: undefined };
    expect(Object.getOwnPropertyNames(hidingUrlSecrets(value, 'url'))).toEqual(['url']);
  });
});

describe('secretRecord', () => {
  it('gives a value by its name, and shows no value', () => {
    const mark = Symbol('mark');
    const secret = secretRecord({ a: 'x' }, mark);
    expect([secret.a, JSON.stringify(secret), Reflect.get(secret, mark)]).toEqual(['x', '{"a":"[REDACTED]"}', true]);
    expect(Object.isFrozen(secret)).toBe(true);
    expect(Object.getOwnPropertySymbols(secretRecord({ a: 'x' }))).not.toContain(mark);
  });
});

describe('shownText', () => {
  it.each([
    ['binary', "'binary'"],
    ['', "''"],
    ['x'.repeat(61), `'${'x'.repeat(60)}'`],
    ['-----BEGIN KEY', 'PEM text'],
    ['a-----BEGIN', 'PEM text'],
    ['{ a', 'a table that is not valid TOML'],
    [' \n{', 'a table that is not valid TOML'],
    ['a {', 'a string'],
    ['a }', 'a string'],
    ['a = b', 'a string'],
    ['a\nb', 'a string'],
    ['a\rb', 'a string'],
    ['http://user:pass@a/b', "'http://a/b'"],
    ['HTTP://user:p@ss@a', "'HTTP://a'"],
    ['git+x.y-1://user@a', "'git+x.y-1://a'"],
    ['9http://user@a', "'a'"],
    ['x y http://user@a', "'a'"],
    ['user:pass@a', "'a'"],
    ['user:pa\nss@a', "'a'"],
    ['http://a?key=secret', "'http://a'"],
    ['http://a#x\ny', "'http://a'"],
    ['a?', "'a'"],
  ])('shows %j as %s', (text, shown) => {
    expect(shownText(text)).toBe(shown);
  });
});
