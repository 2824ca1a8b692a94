import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeIfPresent } from '@codex-otel/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runAgent } from '../src/agent-run.ts';
import { isWhole } from '../src/ending-table.ts';
import { presentRuntimes } from '../src/runtime.ts';

const agent = fileURLToPath(new URL('../src/agent.mjs', import.meta.url));
const present = presentRuntimes();

/** The short form of `npm run runtimes`: one ending for each mechanism, with the protocols spread over them. */
const cases = [
  ['http/protobuf', 'shutdown', 0, false],
  ['grpc', 'uncaught exception', 1, false],
  ['http/protobuf', 'unhandled rejection', 1, false],
  ['http/json', 'SIGTERM', 'SIGTERM', false],
  ['grpc', 'process.exit', 3, true],
] as const;

for (const name of ['Bun', 'Deno']) {
  const runtime = present.find((each) => each.name === name);
  describeIfPresent(`an agent on ${name}`, runtime !== undefined, () => {
    it.each(cases)(
      'loses nothing over %s at %s and ends as it would (%s; spool: %s)',
      async (protocol, ending, ended, spool) => {
        const outcome = await runAgent({ command: [...(runtime?.command ?? []), agent], protocol, ending, spool });
        expect(outcome).toMatchObject({ ended, said: [] });
        expect(isWhole(outcome)).toBe(true);
        expect(outcome.spooled > 0).toBe(spool);
      },
      120_000,
    );
  });
}

const bun = present.find(({ name }) => name === 'Bun')?.command[0];
describeIfPresent('an agent that Bun bundled', bun !== undefined, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-bun-bundle-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('hands over on Node, where it is its own uploader', async () => {
    const program = path.join(folder, 'agent.mjs');
    const format = ['--target=node', '--format=esm', '--outfile', program];
    await promisify(execFile)(bun ?? '', ['build', agent, ...format], { cwd: folder });
    const outcome = await runAgent({
      command: [process.execPath, program],
      protocol: 'grpc',
      ending: 'process.exit',
      isOwnUploader: true,
    });
    expect(outcome).toMatchObject({ ended: 3, said: [] });
    expect(isWhole(outcome)).toBe(true);
  }, 120_000);
});
