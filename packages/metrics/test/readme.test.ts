import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { childLimits, sourceFlags } from '@codex-otel/testing';
import { expect, it } from '@jest/globals';

const folder = fileURLToPath(new URL('..', import.meta.url));

it('shows a program that runs', () => {
  const [, program = ''] = /```js\n(.*?)```/s.exec(readFileSync(`${folder}/README.md`, 'utf8')) ?? [];
  const flags = [...sourceFlags, '--input-type=module'];
  const output = execFileSync(process.execPath, [...flags, '--eval', program], {
    ...childLimits,
    cwd: folder,
    encoding: 'utf8',
  });
  expect(output).toBe('codex.tool.call 1\ncodex.tool.call.duration_ms 1\n');
});
