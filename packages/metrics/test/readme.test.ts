import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { codeBlocks, outputOf } from '@codex-otel/testing';
import { expect, it } from '@jest/globals';

const folder = fileURLToPath(new URL('..', import.meta.url));

it('shows a program that runs', async () => {
  const [program = ''] = codeBlocks(readFileSync(`${folder}/README.md`, 'utf8'), 'js');
  expect(await outputOf(program, folder)).toBe('codex.tool.call 1\ncodex.tool.call.duration_ms 1\n');
});
