import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { expect, it } from '@jest/globals';
import { runProgram } from './processes/run-program.ts';

const packageFolder = fileURLToPath(new URL('../', import.meta.url));

it('the program of the README runs unchanged, except for the address of its collector', async () => {
  const readme = await readFile(path.join(packageFolder, 'README.md'), 'utf8');
  const [, program = ''] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
  const collector = await startOtlpCollector({ grpc: false });
  // Inside the package, where its own name and those of its dependencies resolve.
  const folder = await mkdtemp(path.join(packageFolder, 'test', 'readme-'));
  try {
    const file = path.join(folder, 'program.mjs');
    await writeFile(file, program.replaceAll('http://localhost:4318', collector.httpUrl));
    expect(await runProgram(file)).toEqual({ code: 0, stdout: '', stderr: '' });
  } finally {
    await rm(folder, { recursive: true });
    await collector.close();
  }
  expect(collector.spans().map(({ name }) => name)).toEqual(['session_task.turn']);
  expect(collector.logRecords().map(({ spanId }) => spanId)).toEqual([collector.spans()[0]?.spanId]);
  expect(collector.metrics().map(({ name }) => name)).toEqual(['codex.turn.tool.call']);
});
