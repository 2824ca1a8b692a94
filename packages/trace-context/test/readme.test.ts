import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { childLimits, sourceFlags } from '@codex-otel/testing';
import { expect, it } from '@jest/globals';

it("runs the README's program", () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const program = /```js\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const flags = [...sourceFlags, '--input-type=module', '--eval', program];
  const output = execFileSync(process.execPath, flags, {
    ...childLimits,
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  expect(output.toString()).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-0\d\n$/);
});
