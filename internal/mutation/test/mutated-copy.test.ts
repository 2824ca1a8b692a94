import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { childLimits, typeScriptFlags } from '@codex-otel/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Area } from '../src/areas.ts';
import { ACTIVE_MUTANT, makeMutatedCopy } from '../src/mutated-copy.ts';

const area: Area = { name: 'one', folder: 'package', sources: ['src/*.ts'], tests: [] };
const source = `const least: number = 3;
export const isEnough = (count: number): boolean => count >= least;
console.log(isEnough(3), isEnough(2));
`;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'mutation-'));
  await mkdir(path.join(root, 'node_modules'));
  await mkdir(path.join(root, 'package/src'), { recursive: true });
  await writeFile(path.join(root, 'package/src/one.ts'), source);
});
afterEach(() => rm(root, { recursive: true }));

describe('makeMutatedCopy', () => {
  it('puts mutants only into the copy, and a variable turns each of them on', async () => {
    const copy = await makeMutatedCopy(root, [area]);
    try {
      expect(await readFile(path.join(root, 'package/src/one.ts'), 'utf8')).toBe(source);
      const run = (id = ''): string =>
        execFileSync(process.execPath, [...typeScriptFlags, path.join(copy.folder, 'package/src/one.ts')], {
          ...childLimits,
          encoding: 'utf8',
          env: { ...process.env, NODE_OPTIONS: '', [ACTIVE_MUTANT]: id },
        });
      expect(run()).toBe('true false\n');
      const mutant = copy.mutants.find(({ replacement }) => replacement === 'count > least');
      expect(mutant).toMatchObject({ area, place: 'package/src/one.ts:2', original: 'count >= least' });
      expect(run(mutant?.id)).toBe('false false\n');
    } finally {
      await copy.remove();
    }
  });
});
