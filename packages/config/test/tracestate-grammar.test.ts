import { describe, expect, it } from '@jest/globals';
import type { OtelConfigProblem } from '../src/otel-config-error.ts';
import {
  isMember,
  isTracestate,
  TRACESTATE_FIELD_KEY,
  TRACESTATE_FIELD_VALUE,
  TRACESTATE_MEMBER_KEY,
} from '../src/tracestate-grammar.ts';
import { usableTracestate } from '../src/usable-tracestate.ts';

describe('the grammar of a tracestate', () => {
  it.each([
    [
      TRACESTATE_FIELD_KEY,
      ['a', '!', '~', '+', '-', '9', '<', '>', 'ab9'],
      ['', 'a b', 'a:', 'a;', 'a,', 'a=', ' ', 'ü'],
    ],
    [TRACESTATE_FIELD_VALUE, ['', 'a', ' a', 'a b', 'a:', '+-<>~'], ['a ', ' ', 'a;', 'a,', 'a=', 'ü', 'a\n']],
    [TRACESTATE_MEMBER_KEY, ['a', '0', 'a_b-c*d/e@f9', 'x'.repeat(256)], ['', '_a', 'A', 'aB', 'a b', 'x'.repeat(257)]],
  ])('%s', (grammar, valid, invalid) => {
    expect(valid.filter((text) => !grammar.test(text))).toEqual([]);
    expect(invalid.filter((text) => grammar.test(text))).toEqual([]);
  });

  it('limits a member with all its fields', () => {
    // `a:` and the separator belong to the length of 256.
    expect(isMember('m', { a: 'x'.repeat(254) })).toBe(true);
    expect(isMember('m', { a: 'x'.repeat(255) })).toBe(false);
    expect(isMember('m', { a: 'x'.repeat(126), b: 'x'.repeat(125) })).toBe(true);
    expect(isMember('m', { a: 'x'.repeat(126), b: 'x'.repeat(126) })).toBe(false);
    expect(isMember('m', {})).toBe(false);
    expect(isMember('M', { a: 'x' })).toBe(false);
    // The last field, in order of names, decides how the member ends.
    expect([isMember('m', { b: 'x', a: 'y ' }), isMember('m', { b: 'x ', a: 'y' })]).toEqual([true, false]);
  });

  it('limits the members', () => {
    const members = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, { a: 'x' }]));
    expect([isTracestate({}), isTracestate(members(32)), isTracestate(members(33))]).toEqual([true, true, false]);
    expect(isTracestate({ ok: { a: 'x' }, Bad: { a: 'x' } })).toBe(false);
    const warnings: OtelConfigProblem[] = [];
    expect(usableTracestate({ ...members(32), none: {}, long: { a: 'x'.repeat(255) } }, warnings)).toEqual(members(32));
    expect(warnings).toEqual([
      { path: 'otel.tracestate.long', message: 'left out: the member is too long to be sent' },
    ]);
    expect(usableTracestate(members(33), warnings)).toEqual({});
    expect(warnings[1]).toEqual({
      path: 'otel.tracestate',
      message: 'left out: it has more members than a tracestate may have',
    });
  });
});
