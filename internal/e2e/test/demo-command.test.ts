import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { DemoReport } from '@codex-otel/example-cli';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const command = fileURLToPath(new URL('../../../examples/cli/bin/demo.mjs', import.meta.url));
const run = promisify(execFile);
const SPAWN_TIMEOUT_MILLIS = 30_000;

/** The demo as a child process on the sources; `npm run demo` is the same on the built packages. */
function demo(...args: readonly string[]) {
  return demoIn({}, ...args);
}

function demoIn(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  return run(process.execPath, ['--conditions=@codex-otel/source', command, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...env },
  });
}

describe('the demo command', () => {
  it(
    'prints a waterfall with tokens, the total and what arrived',
    async () => {
      const { stdout, stderr } = await demo();
      expect(stderr).toBe('');
      expect(stdout).toContain('Turn 1  What is a span, and what does a trace add to it?');
      expect(stdout).toMatch(/session_task\.turn .* in 4,893 \(0 cached\) out 146 \(64 reasoning\) total 5,039/);
      expect(stdout).toMatch(/handle_responses completed .*total 5,039/);
      expect(stdout).toMatch(/stream_request attempt 1: 503/);
      expect(stdout).toMatch(/^Total .*total 33,388$/m);
      expect(stdout).toMatch(/^ +\d+ log records .*codex\.tool_result 3/ms);
      expect(stdout).toMatch(/^ +\d+ metric points/m);
    },
    SPAWN_TIMEOUT_MILLIS,
  );

  it(
    'prints the same as JSON',
    async () => {
      const { stdout } = await demo('--json', '--protocol', 'http/json');
      const report: DemoReport = JSON.parse(stdout);
      expect(report.total.totalTokens).toBe(33_388);
      expect(report.turns).toHaveLength(4);
      expect(report.sentTo.protocol).toBe('http/json');
    },
    SPAWN_TIMEOUT_MILLIS,
  );

  it(
    'joins the trace that it was started in',
    async () => {
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      const { stdout } = await demoIn({ TRACEPARENT: `00-${traceId}-b7ad6b7169203331-01` }, '--json');
      const report: DemoReport = JSON.parse(stdout);
      expect(report.turns.map((turn) => turn.traceId)).toEqual(Array(4).fill(traceId));
      expect(report.turns.map(({ arrived }) => arrived?.responses.length)).toEqual([1, 3, 1, 1]);
    },
    SPAWN_TIMEOUT_MILLIS,
  );

  it.each([
    ['an unknown option', ['--nope'], "Unknown option '--nope'"],
    ['a protocol that it cannot speak', ['--protocol', 'smoke'], "not 'smoke'"],
    ['an endpoint that is no URL', ['--endpoint', 'here'], "--endpoint is no URL: 'here'"],
  ])('refuses %s', async (_reason, args, message) => {
    await expect(demo(...args)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});

describe('the demo with an endpoint', () => {
  let collector: OtlpCollector;
  beforeAll(async () => {
    collector = await startOtlpCollector({ grpc: false });
  });
  afterAll(() => collector.close());

  it(
    'sends to that collector, and says so',
    async () => {
      const { stdout } = await demo('--endpoint', collector.httpUrl, '--protocol', 'http/json');
      expect(stdout).toContain(`Sent to ${collector.httpUrl} (http/json): ${collector.spans().length} spans`);
      expect(collector.spans().filter(({ name }) => name === 'session_task.turn')).toHaveLength(3);
    },
    SPAWN_TIMEOUT_MILLIS,
  );

  it(
    'fails when nobody is there',
    async () => {
      await collector.behave({ kind: 'refuse' });
      await expect(demo('--endpoint', collector.httpUrl)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('not everything was sent'),
      });
    },
    SPAWN_TIMEOUT_MILLIS,
  );
});
