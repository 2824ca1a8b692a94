import { describe, expect, it, jest } from '@jest/globals';
import { SettledResource } from '../src/index.ts';

describe('SettledResource', () => {
  it('reads its attributes once, when they are first needed', () => {
    const read = jest.fn(() => ({ a: 'b' }));
    const resource = new SettledResource(read);
    expect(read).not.toHaveBeenCalled();

    expect(resource.attributes).toEqual({ a: 'b' });
    expect(resource.getRawAttributes()).toEqual([['a', 'b']]);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('can be cloned for a hand-over before its attributes have been read', () => {
    expect(structuredClone(new SettledResource(() => ({ a: 'b' })))).toMatchObject({ attributes: { a: 'b' } });
  });

  it('merges with another, whose attributes win', () => {
    const resource = new SettledResource(() => ({ a: 'b', c: 'd' }));
    expect(resource.merge(new SettledResource(() => ({ c: 'e' }))).attributes).toEqual({ a: 'b', c: 'e' });
    expect(resource.merge(null)).toBe(resource);
  });
});
