import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Packages whose reported surface has changed since a commit, without a changeset that names them. */
export function withoutChangeset(root: string, since: string): readonly string[] {
  const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');
  const changed = lines(git('diff', '--name-only', since, '--', 'docs/api'));
  const old = new Set(lines(git('ls-tree', '--name-only', since, '.changeset/')));
  const texts = existsSync(path.join(root, '.changeset'))
    ? readdirSync(path.join(root, '.changeset'))
        .filter((file) => file.endsWith('.md') && !old.has(`.changeset/${file}`))
        .map((file) => readFileSync(path.join(root, '.changeset', file), 'utf8'))
    : [];
  return changed
    .map((file) => `@codex-otel/${path.basename(file, '.md')}`)
    .filter((name) => !texts.some((text) => new RegExp(`^["']?${name}["']?:`, 'm').test(text)));
}
