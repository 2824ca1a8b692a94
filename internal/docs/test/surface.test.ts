import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeIfPresent } from '@codex-otel/testing';
import { expect, it } from '@jest/globals';
import { surfaceOf } from '../src/surface.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const names = readdirSync(`${root}packages`);
const isBuilt = names.every((name) => existsSync(`${root}packages/${name}/dist/index.d.mts`));

describeIfPresent('docs/api', isBuilt, () => {
  it.each(names)("has the surface of %s as it is: 'npm run api' writes it", async (name) => {
    expect(readFileSync(`${root}docs/api/${name}.md`, 'utf8')).toBe(await surfaceOf(`${root}packages/${name}`));
  });

  it('shows what is exported, and what that needs, without comments', async () => {
    const surface = await surfaceOf(`${root}packages/trace-context`);
    expect(surface).toContain('export declare function parseTraceparent(header: string | null | undefined)');
    expect(surface).not.toContain('/**');
    const usage = await surfaceOf(`${root}packages/token-usage`);
    expect(usage).toMatch(/^type DisposeKey = /m);
    expect(await surfaceOf(`${root}packages/provider`)).toContain('## `@codex-otel/provider/node-sdk`');
  });
});
