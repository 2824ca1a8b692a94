import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { childLimits } from '@codex-otel/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withoutChangeset } from '../src/changesets.ts';

let repository: string;
const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.invalid', ...args], {
    ...childLimits,
    cwd: repository,
    encoding: 'utf8',
  });
function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(repository, file)), { recursive: true });
  writeFileSync(path.join(repository, file), text);
}

beforeEach(() => {
  repository = mkdtempSync(path.join(tmpdir(), 'codex-otel-changesets-'));
  git('init', '--quiet');
  write('docs/api/config.md', 'one');
  write('docs/api/metrics.md', 'one');
  write('.changeset/old.md', '---\n"@codex-otel/metrics": minor\n---\n\nOld.\n');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'a');
});
afterEach(() => rmSync(repository, { recursive: true }));

describe('withoutChangeset', () => {
  it('names nothing where no surface has changed', () => {
    expect(withoutChangeset(repository, 'HEAD')).toEqual([]);
  });

  it('names each package that changed and that no new changeset names', () => {
    write('docs/api/config.md', 'two');
    write('docs/api/metrics.md', 'two');
    expect(withoutChangeset(repository, 'HEAD')).toEqual(['@codex-otel/config', '@codex-otel/metrics']);
    write('.changeset/new.md', "---\n'@codex-otel/config': patch\n---\n\nNew.\n");
    expect(withoutChangeset(repository, 'HEAD')).toEqual(['@codex-otel/metrics']);
  });
});
