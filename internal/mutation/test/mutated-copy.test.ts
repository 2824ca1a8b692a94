import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { childLimits, typeScriptFlags } from '@codex-otel/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Area } from '../src/areas.ts';
import type { MutatedCopy } from '../src/mutated-copy.ts';
import { ACTIVE_MUTANT, makeMutatedCopy } from '../src/mutated-copy.ts';
import { findReach } from '../src/reach.ts';
import { tryMutant } from '../src/trial.ts';

const area: Area = { name: 'one', sources: ['packages/one/src/*.ts'], tests: ['packages/*/test/*.test.mjs'] };
const source = `const least: number = 3;
export const isEnough = (count: number): boolean => count >= least;
export const isNone = (count: number): boolean => count < 1;
console.log(isEnough(3), isEnough(2));
`;
const program = 'packages/one/src/one.ts';

let root: string;
let copy: MutatedCopy;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'mutation-'));
  await mkdir(path.join(root, 'packages/one/src'), { recursive: true });
  await mkdir(path.join(root, 'packages/one/test'));
  await writeFile(path.join(root, program), source);
  await writeFile(
    path.join(root, 'packages/one/package.json'),
    JSON.stringify({ type: 'module', jest: { testMatch: ['<rootDir>/test/*.mjs'], transform: {} } }),
  );
  await symlink(path.join(import.meta.dirname, '../../../node_modules'), path.join(root, 'node_modules'));
});
afterEach(async () => {
  await copy.remove();
  await rm(root, { recursive: true });
});

const mutantWith = (wanted: string) => {
  const mutant = copy.mutants.find(({ replacement }) => replacement === wanted);
  if (mutant === undefined) throw new Error(`no mutant '${wanted}'`);
  return mutant;
};

describe('makeMutatedCopy', () => {
  it('puts mutants only into the copy, and a variable turns each of them on', async () => {
    copy = await makeMutatedCopy(root, [area]);
    expect(await readFile(path.join(root, program), 'utf8')).toBe(source);
    const run = (id = ''): string =>
      execFileSync(process.execPath, [...typeScriptFlags, path.join(copy.folder, program)], {
        ...childLimits,
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '', [ACTIVE_MUTANT]: id },
      });
    expect(run()).toBe('true false\n');
    const mutant = mutantWith('count > least');
    expect(mutant).toMatchObject({ area, place: `${program}:2`, original: 'count >= least' });
    expect(run(mutant.id)).toBe('false false\n');
  });
});

describe('tryMutant', () => {
  const test = (name: string, code: string) =>
    writeFile(
      path.join(root, 'packages/one/test', name),
      `import { execFileSync } from 'node:child_process';\ntest('it', async () => {\n${code}\n});\n`,
    );
  const run = `const out = execFileSync(process.execPath, ${JSON.stringify([...typeScriptFlags])}.concat('src/one.ts'), { encoding: 'utf8' });`;

  it('knows which mutants tests and their programs execute, and whether they notice them', async () => {
    await test('program.test.mjs', `${run}\nexpect(out).toBe('true false\\n');`);
    await test('idle.test.mjs', '');
    copy = await makeMutatedCopy(root, [area]);
    const tests = await findReach(copy, [area]);
    const mutant = mutantWith('count > least');
    expect(tests.filter(({ reached }) => reached.has(mutant.id)).map(({ file }) => file)).toEqual([
      'packages/one/test/program.test.mjs',
    ]);
    expect(await tryMutant(copy, mutant, tests)).toBe('killed');
    expect(await tryMutant(copy, mutantWith('count <= 1'), tests)).toBe('survived');
  });

  it('refuses tests that fail without any mutant', async () => {
    await test('failing.test.mjs', 'expect(1).toBe(2);');
    copy = await makeMutatedCopy(root, [area]);
    await expect(findReach(copy, [area])).rejects.toThrow(
      'packages/one/test/failing.test.mjs failed without any mutant',
    );
  });
});
