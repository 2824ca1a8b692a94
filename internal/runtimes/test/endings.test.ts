import { fileURLToPath } from 'node:url';
import { describeIfPresent } from '@codex-otel/testing';
import { expect, it } from '@jest/globals';
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
