import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { childLimits } from '@codex-otel/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const script = fileURLToPath(new URL('../../../scripts/wire-changes.mjs', import.meta.url));
let repository: string;

beforeEach(async () => {
  repository = await mkdtemp(path.join(tmpdir(), 'wire-changes-'));
  git('init', '--quiet', '--initial-branch=base');
  await commit({ 'docs/events.md': 'old', '.changeset/old.md': 'Old.\n\n### On the wire\n\nOld.\n' });
  git('checkout', '--quiet', '-b', 'change');
});
afterEach(() => rm(repository, { recursive: true }));

function git(...args: readonly string[]): void {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...who, ...args], { ...childLimits, cwd: repository });
}

async function commit(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(repository, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  git('add', '--all');
  git('commit', '--quiet', '--message', 'change');
}

describe('the check of changes on the wire', () => {
  it.each([
    ['what is sent did not change', { 'README.md': 'new' }, 0],
    ['it changed, and no changeset says so', { 'docs/events.md': 'new', '.changeset/new.md': 'A change.\n' }, 1],
    [
      'it changed and a changeset says so',
      { 'docs/events.md': 'new', '.changeset/new.md': 'A.\n\n### On the wire\n' },
      0,
    ],
  ])('where %s', async (_situation, files, exitCode) => {
    await commit(files);
    const { status, stderr } = spawnSync(process.execPath, [script, 'base'], {
      ...childLimits,
      cwd: repository,
      encoding: 'utf8',
    });
    expect(status).toBe(exitCode);
    expect(stderr.includes('docs/events.md changed')).toBe(exitCode === 1);
  });
});
