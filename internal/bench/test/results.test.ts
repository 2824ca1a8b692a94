import { describe, expect, it } from '@jest/globals';
import { replaceSection } from '../src/results.ts';

describe('replaceSection', () => {
  it('adds a section and keeps the others', () => {
    const both = replaceSection(replaceSection('', 'b', 'second'), 'a', 'first');

    expect(both).toContain('<!-- bench a -->\nfirst\n<!-- /bench -->\n\n<!-- bench b -->\nsecond\n<!-- /bench -->');
  });

  it("replaces only the topic's own section", () => {
    const before = replaceSection(replaceSection('', 'a', 'old'), 'b', 'kept');

    const after = replaceSection(before, 'a', 'new');

    expect(after).not.toContain('old');
    expect(after).toContain('kept');
    expect(after.match(/<!-- bench a -->/g)).toHaveLength(1);
  });
});
