import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { codeBlocks, outputOf } from '@codex-otel/testing';
import { expect, it } from '@jest/globals';

const folder = fileURLToPath(new URL('..', import.meta.url));

it("runs the README's program", async () => {
  const [program = ''] = codeBlocks(readFileSync(`${folder}/README.md`, 'utf8'), 'js');
  expect(await outputOf(program, folder)).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-0\d\n$/);
});
