import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const files = globSync('packages/*/src/**/*.ts', { cwd: root });
/** A call that reports something, with the beginning of its text. A text from elsewhere is in a variable. */
const CALL = /\bdiag\.(?:error|warn|info|debug)\(\s*(?:\S+\s*\?\s*)?(['"`])(.*?)\1/gs;

describe('what the packages report on diag', () => {
  it('begins with the name of the package', () => {
    const texts = files.flatMap((file) => {
      const prefix = `codex-otel/${file.split(/[\\/]/)[1]}: `;
      return [...readFileSync(`${root}${file}`, 'utf8').matchAll(CALL)].map(([, , text = '']) => ({
        file,
        text,
        isNamed: text.startsWith(prefix) || text.startsWith('$' + '{PREFIX}'),
      }));
    });
    expect(texts.length).toBeGreaterThan(25);
    expect(texts.filter(({ isNamed }) => !isNamed)).toEqual([]);
  });
});
