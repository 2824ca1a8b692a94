import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeIfPresent } from '@codex-otel/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Ending, Protocol } from '../src/agent-run.ts';
import { endings, runAgent } from '../src/agent-run.ts';
import { isWhole, notTold } from '../src/ending-table.ts';
import type { Program } from '../src/programs.ts';
import { builtProgram, installedAgent, programBuilds } from '../src/programs.ts';
import { heardEndings, presentRuntimes } from '../src/runtime.ts';

// The short form of `npm run runtimes`.
const runtimes = presentRuntimes();
/** Starts of runtimes and bundlers, on machines that are busy. */
const WHOLE_RUN_MILLIS = 180_000;

async function expectWhole(program: Program, protocol: Protocol, ending: Ending): Promise<void> {
  const outcome = await runAgent({ ...program, protocol, ending });
  expect(outcome.ended).toBe(endings[ending]);
  expect(isWhole(outcome)).toBe(true);
  expect(outcome.spooled > 0).toBe(ending === 'process.exit, into the spool');
}

/** One way of ending for each mechanism, with the protocols spread over them. */
const cases = (
  [
    ['http/protobuf', 'shutdown'],
    ['grpc', 'uncaught exception'],
    ['http/protobuf', 'unhandled rejection'],
    ['http/json', 'SIGTERM'],
    ['grpc', 'process.exit, into the spool'],
    ['http/json', "a worker's process.exit"],
  ] as const
).filter(([, ending]) => heardEndings().includes(ending));

for (const name of ['Bun', 'Deno']) {
  const runtime = runtimes.find((each) => each.name === name);
  describeIfPresent(`an agent on ${name}`, runtime !== undefined, () => {
    it.each(cases)(
      'loses nothing over %s at %s, and ends as it would without telemetry',
      async (protocol, ending) => {
        if (runtime !== undefined) await expectWhole(installedAgent(runtime), protocol, ending);
      },
      WHOLE_RUN_MILLIS,
    );

    it.each(['http/protobuf', 'grpc'] as const)(
      'trusts the CA of the settings over %s, in the agent and in the uploader',
      async (protocol) => {
        for (const ending of ['shutdown', 'process.exit'] as const) {
          if (runtime === undefined) continue;
          const outcome = await runAgent({ ...installedAgent(runtime), protocol, ending, isOwnCa: true });
          expect(isWhole(outcome)).toBe(true);
        }
      },
      WHOLE_RUN_MILLIS,
    );

    if (name === 'Deno') {
      it(
        'loses nothing at Deno.exit',
        async () => {
          if (runtime !== undefined) await expectWhole(installedAgent(runtime), 'http/protobuf', 'Deno.exit');
        },
        WHOLE_RUN_MILLIS,
      );

      it(
        'gets a warning that names the permissions of the uploader',
        async () => {
          const flags = ['net', 'env', 'sys', 'read'].map((permission) => `--allow-${permission}`);
          const [deno = ''] = runtime?.command ?? [];
          const command = [deno, 'run', '--node-modules-dir=manual', '--quiet', '--no-prompt', ...flags];
          const limited = { name, version: '', command };
          const outcome = await runAgent({ ...installedAgent(limited), protocol: 'http/json', ending: 'shutdown' });
          expect(outcome.said).toEqual([expect.stringContaining('add --allow-run and --allow-write')]);
        },
        WHOLE_RUN_MILLIS,
      );
    }
  });
}

const builds = programBuilds(runtimes);
for (const name of ['rolldown, ES module, on Node', 'Node single executable', 'bun build --compile']) {
  const build = builds.find((each) => each.name === name);
  describeIfPresent(`an agent alone in its folder: ${name}`, build !== undefined, () => {
    let folder: string;
    let program: Program;
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-program-'));
      if (build !== undefined) program = await builtProgram(build, folder);
    }, WHOLE_RUN_MILLIS);
    afterAll(() => rm(folder, { recursive: true }));

    it.each(['process.exit', 'process.exit, into the spool'] as const)(
      'loses nothing over gRPC at %s',
      (ending) => expectWhole(program, 'grpc', ending),
      WHOLE_RUN_MILLIS,
    );

    it(
      'gets a warning on diag if it names no uploader, and prints nothing',
      async () => {
        expect(await notTold([program])).toEqual([]);
      },
      WHOLE_RUN_MILLIS,
    );
  });
}

describe('an agent in a worker', () => {
  it('has a warning about what a worker loses', async () => {
    const [node] = runtimes;
    if (node === undefined) throw new Error('the runtime of this test is missing');
    const outcome = await runAgent({
      ...installedAgent(node),
      protocol: 'http/protobuf',
      ending: "a worker's shutdown, then terminate",
    });
    expect(outcome.said).toEqual([expect.stringMatching(/worker thread does not notice terminate\(\)/)]);
    expect(isWhole(outcome)).toBe(true);
  });
});
