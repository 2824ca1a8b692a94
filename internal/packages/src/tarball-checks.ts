import { readFile } from 'node:fs/promises';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import type { PackedPackage } from './packed.ts';

/** The problems that publint and attw find in a tarball; expected to be none. */
export async function checkTarball({ name, tarball }: PackedPackage): Promise<readonly string[]> {
  const data = await readFile(tarball);
  const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(data).buffer }, strict: true });
  const lint = messages.map((message) => `${name}: publint: ${formatMessage(message, pkg, { color: false })}`);
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(data)));
  if (analysis.types === false) return [...lint, `${name}: attw: no types`];
  // TypeScript's resolution from before `exports` is not claimed.
  const problems = analysis.problems.filter(
    (problem) => !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
  );
  return [...lint, ...problems.map((problem) => `${name}: attw: ${JSON.stringify(problem)}`)];
}
