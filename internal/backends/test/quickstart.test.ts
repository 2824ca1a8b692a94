import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { quickstartSteps } from '../src/quickstart.ts';

// The short form of `npm run backends -- quickstart`, which does what the steps say.

describe('quickstartSteps', () => {
  it('finds every step that the README has from a fresh clone to a trace in Jaeger', async () => {
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
    const { install, toml, program, see } = quickstartSteps(readme);
    expect(install).toMatch(/^npm install .*@codex-otel\/provider/);
    expect(toml).toContain('http://localhost:4318/v1/traces');
    expect(program).toContain('createOtelProvider(');
    expect(see).toEqual(['jaeger &', expect.stringContaining('check'), expect.stringContaining('agent.ts')]);
  });

  it('refuses a README whose steps are elsewhere', () => {
    expect(() => quickstartSteps('# nothing\n')).toThrow('the README has no install line');
  });
});
