import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from '@jest/globals';
import { childLimits, sourceFlags } from './child-process.ts';

/** The code blocks of one language in a Markdown text. */
export function codeBlocks(markdown: string, language: string): readonly string[] {
  return [...markdown.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, code = '']) => code);
}

/**
 * Runs a program of a document on the packages' sources, and returns what it prints. It must not write to stderr.
 *
 * @param folder - Where the names of its packages resolve.
 * @param env - Variables, in addition to those of this process.
 */
export async function outputOf(
  program: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [...sourceFlags, '--input-type=module-typescript', '--eval', program],
    { ...childLimits, cwd: folder, env: { ...process.env, NODE_OPTIONS: '', ...env } },
  );
  expect(stderr).toBe('');
  return stdout;
}
