import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Tags } from '../src/index.ts';
import { TagSets } from '../src/tag-sets.ts';

const noneLive = () => [];
const word = fc.constantFrom('a', 'b', 'c', 'model', 'x/y', '__proto__', 'constructor', '1');
const arbitraryTags: fc.Arbitrary<Tags> = fc.dictionary(word, word, { maxKeys: 5 });

describe('TagSets', () => {
  it('returns one object for the same content, however it is written', async () => {
    await fc.assert(
      fc.property(arbitraryTags, arbitraryTags, fc.boolean(), (defaults, tags, frozen) => {
        const sets = new TagSets(defaults, noneLive);
        const reversed = Object.fromEntries(Object.entries(tags).reverse());

        const first = sets.resolve(frozen ? Object.freeze({ ...tags }) : { ...tags });

        expect(sets.resolve(reversed)).toBe(first);
        expect(sets.resolve(Object.freeze({ ...tags }))).toBe(first);
        expect(first).toEqual({ ...defaults, ...tags });
        expect(Object.isFrozen(first)).toBe(true);
      }),
    );
  });

  it('distinguishes different contents', async () => {
    await fc.assert(
      fc.property(arbitraryTags, arbitraryTags, (one, other) => {
        const sets = new TagSets({}, noneLive);
        const same = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

        expect(sets.resolve(one) === sets.resolve(other)).toBe(same);
      }),
    );
  });

  it('orders keys', () => {
    expect(Object.keys(new TagSets({ m: '1' }, noneLive).resolve({ z: '1', a: '1' }))).toEqual(['a', 'm', 'z']);
  });

  it('sees a change of an object that is not frozen', () => {
    const sets = new TagSets({}, noneLive);
    const tags: Record<string, string> = { kind: 'a' };
    sets.resolve(tags);
    tags.kind = 'b';

    expect(sets.resolve(tags)).toEqual({ kind: 'b' });
  });

  it('asks a frozen getter each time', () => {
    const sets = new TagSets({}, noneLive);
    let answer = 'a';
    const tags: Tags = Object.freeze({
      get kind() {
        return answer;
      },
    });
    sets.resolve(tags);
    sets.resolve(tags);
    answer = 'b';

    expect(sets.resolve(tags)).toEqual({ kind: 'b' });
  });

  it('ignores tags of an extended prototype', () => {
    const sets = new TagSets({}, noneLive);
    Object.defineProperty(Object.prototype, 'leaked', { value: () => {}, enumerable: true, configurable: true });
    try {
      expect(sets.resolve({ kind: 'a' })).toEqual({ kind: 'a' });
      expect(sets.resolve({ kind: 'a' })).toBe(sets.resolve({ kind: 'a' }));
    } finally {
      Reflect.deleteProperty(Object.prototype, 'leaked');
    }
  });

  it('does not mistake a tag for one that another object inherited', () => {
    const sets = new TagSets({}, noneLive);
    const inherits: Tags = Object.create({ kind: 'a' });

    expect(sets.resolve(inherits)).toEqual({});
    expect(sets.resolve({ kind: 'a' })).toEqual({ kind: 'a' });
  });

  it('forgets what no series uses when it holds too much, and keeps the identity of what is used', () => {
    const used: Tags[] = [];
    const sets = new TagSets({}, () => used, 10);
    const kept = sets.resolve({ id: 'kept' });
    const dropped = sets.resolve({ id: 'dropped' });
    used.push(kept);

    for (let index = 0; index < 20; index += 1) sets.resolve({ id: `${index}` });

    expect(sets.resolve({ id: 'kept' })).toBe(kept);
    expect(sets.resolve({ id: 'dropped' })).not.toBe(dropped);
  });

  it('forgets the set of the last call too', () => {
    const sets = new TagSets({}, noneLive, 10);
    const tags = Object.freeze({ id: 'frozen' });
    // The second call recognises the object, and the third remembers it.
    const dropped = [sets.resolve(tags), sets.resolve(tags), sets.resolve(tags)][2];

    for (let index = 0; index < 20; index += 1) sets.resolve({ id: `${index}` });

    expect(sets.resolve(tags)).not.toBe(dropped);
    expect(sets.resolve(tags)).toBe(sets.resolve({ id: 'frozen' }));
    expect(sets.resolve(undefined)).toEqual({});
  });

  it('does not search for sets to forget at every new set while many are in use', () => {
    const used: Tags[] = [];
    let lookedThrough = 0;
    const live = () => {
      lookedThrough += 1;
      return used;
    };
    const sets = new TagSets({}, live, 10);

    for (let index = 0; index < 1000; index += 1) used.push(sets.resolve({ id: `${index}` }));

    expect(lookedThrough).toBeLessThan(20);
  });

  it.each([
    ['a space in a key', { 'bad key': 'v' }, 'INVALID_TAG_COMPONENT', 'tag key', 'bad key'],
    ['a space in a value', { k: 'bad value' }, 'INVALID_TAG_COMPONENT', 'tag value', 'bad value'],
    ['an empty key', { '': 'v' }, 'EMPTY_TAG_COMPONENT', 'tag key', undefined],
    ['an empty value', { k: '' }, 'EMPTY_TAG_COMPONENT', 'tag value', undefined],
    ['a colon', { k: 'a:b' }, 'INVALID_TAG_COMPONENT', 'tag value', 'a:b'],
    ['a letter outside ASCII', { k: 'é' }, 'INVALID_TAG_COMPONENT', 'tag value', 'é'],
    ['a line feed at the end', { k: 'v\n' }, 'INVALID_TAG_COMPONENT', 'tag value', 'v\n'],
  ])('refuses %s, as a default and in a call', (_what, tags: Tags, code, label, value) => {
    expect(() => new TagSets(tags, noneLive)).toThrow(expect.objectContaining({ code, label, value }));
    expect(() => new TagSets({}, noneLive).resolve(tags)).toThrow(expect.objectContaining({ code, label, value }));
  });

  it('refuses values that are not strings', () => {
    const tags: Tags = JSON.parse('{"k": 5}');

    expect(() => new TagSets({}, noneLive).resolve(tags)).toThrow(
      expect.objectContaining({ code: 'INVALID_TAG_COMPONENT', value: '5' }),
    );
  });

  it('keeps a bad value out of the message', () => {
    expect(() => new TagSets({}, noneLive).resolve({ k: 'my secret' })).not.toThrow(/secret/);
    expect(() => new TagSets({}, noneLive).resolve({ k: 'my secret' })).toThrow(/tag value of 'k'/);
  });
});
