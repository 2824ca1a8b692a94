import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const packages = fileURLToPath(new URL('../../../packages/', import.meta.url));

describe.each(readdirSync(packages))('the README of %s', (name) => {
  const text = readFileSync(`${packages}${name}/README.md`, 'utf8');

  it('has at most 150 lines; long tables are in docs/', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });

  it('says what it is, how to install it and how it is used, then what it exports, its errors and its limits', () => {
    expect(text).toMatch(
      new RegExp(`^# @codex-otel/${name}\n\n[A-Z].*?\n\n\`\`\`sh\nnpm install @codex-otel/${name}`, 's'),
    );
    const program = text.search(/```(js|ts)\n/);
    const exported = text.indexOf('\n## Exports\n');
    const errors = text.indexOf('\n## Errors\n');
    const limits = text.indexOf('\n## Limits: what it leaves to others\n');
    expect([program, exported, errors, limits]).not.toContain(-1);
    expect([program, exported, errors, limits].toSorted((a, b) => a - b)).toEqual([program, exported, errors, limits]);
  });

  it('links to files that are there', () => {
    const targets = [...text.matchAll(/\]\((?![a-z]+:|#)([^)\s#]+)/g)].map(([, target]) => target);
    expect(targets.filter((target) => !existsSync(`${packages}${name}/${target}`))).toEqual([]);
  });
});
