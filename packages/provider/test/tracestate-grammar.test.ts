import { parseOtelConfig } from '@codex-otel/config';
import { validateTracestateEntries } from '@codex-otel/trace-context';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

type Entries = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What config keeps of a configured tracestate. */
async function keptByConfig(tracestate: Entries): Promise<Entries> {
  const options = { codexHome: '/nonexistent', env: {}, serviceName: 'a', serviceVersion: '1' };
  const settings = await parseOtelConfig({ otel: { trace_exporter: 'none', tracestate } }, options);
  return settings.tracestate ?? {};
}

function isValidToTraceContext(tracestate: Entries): boolean {
  try {
    validateTracestateEntries(tracestate);
    return true;
  } catch {
    return false;
  }
}

/** Config and trace-context are on the same layer and each have the grammar: here they are compared. */
describe('the grammar of configured tracestate', () => {
  const asciiAndMore = fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 0, max: 0x7f }).map((code) => String.fromCharCode(code)) },
    { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme' }) },
  );
  const letters = fc.constantFrom(...'abz09_-*/@ :;,=A');
  const key = fc
    .string({ unit: fc.oneof(letters, asciiAndMore), minLength: 1, maxLength: 20 })
    // Config refuses keys that every object or function has, in any table.
    .filter((name) => !(name in {}) && name !== 'prototype');
  const value = fc.string({ unit: asciiAndMore, maxLength: 20 });

  it('is the same in config and in trace-context, for one field', async () => {
    await fc.assert(
      fc.asyncProperty(key, key, value, async (member, field, text) => {
        const entries = { [member]: { [field]: text } };
        const kept = await keptByConfig(entries);
        expect(Object.keys(kept).length === 1).toBe(isValidToTraceContext(entries));
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, Entries]>([
    ['a key of 256', { ['a'.repeat(256)]: { a: 'b' } }],
    ['a key of 257', { ['a'.repeat(257)]: { a: 'b' } }],
    ['15 characters after an at sign', { [`a@${'b'.repeat(15)}`]: { a: 'b' } }],
    ['242 characters before an at sign', { [`${'a'.repeat(242)}@b`]: { a: 'b' } }],
    ['a key of 257 with an at sign', { [`${'a'.repeat(242)}@${'b'.repeat(14)}`]: { a: 'b' } }],
    ['an at sign at the end', { 'a@': { a: 'b' } }],
    ['several at signs', { 'a@@b@c': { a: 'b' } }],
    ['an at sign at the beginning', { '@a': { a: 'b' } }],
    ['a key that starts with a digit', { '0a': { a: 'b' } }],
    ['a value of 256', { a: { b: 'x'.repeat(254) } }],
    ['a value of 257', { a: { b: 'x'.repeat(255) } }],
    ['an empty value', { a: { b: '' } }],
    ['a value that ends in a space', { a: { b: 'c ' } }],
    ['32 members', Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`m${i}`, { a: 'b' }]))],
    ['33 members', Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`m${i}`, { a: 'b' }]))],
  ])('is the same at its limits: %s', async (_case, entries) => {
    const kept = await keptByConfig(entries);
    expect(Object.keys(kept).length === Object.keys(entries).length).toBe(isValidToTraceContext(entries));
  });

  it('lets trace-context accept everything that config keeps', async () => {
    const fields = fc.dictionary(key, value, { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(fc.dictionary(key, fields, { maxKeys: 4 }), async (entries) => {
        expect(isValidToTraceContext(await keptByConfig(entries))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
