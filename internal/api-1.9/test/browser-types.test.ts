import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { childLimits, describeIfPresent } from '@codex-otel/testing';
import { expect, it } from '@jest/globals';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const isBuilt = ['token-usage', 'trace-context'].every((name) =>
  existsSync(here(`../../../packages/${name}/dist/index.d.mts`)),
);

describeIfPresent('the published types of what runs in browsers', isBuilt, () => {
  it('need neither the types of Node nor a newer lib, beside the API 1.9', () => {
    const project = here('browser/tsconfig.json');
    const { stdout, stderr, status } = spawnSync('tsc', ['-p', project], { ...childLimits, encoding: 'utf8' });
    expect([stdout, stderr, status]).toEqual(['', '', 0]);
  });
});
