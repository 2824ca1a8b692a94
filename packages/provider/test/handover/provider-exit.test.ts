import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { patience } from '@codex-otel/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

// The built package, as a host has it: the uploader is found beside it.
const fixture = fileURLToPath(new URL('./provider-exit.fixture.mjs', import.meta.url));

let collector: OtlpCollector;
beforeEach(async () => {
  collector = await startOtlpCollector();
});
afterEach(() => collector.close());

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

interface Asked {
  readonly ending: string;
  readonly protocol?: 'http/protobuf' | 'http/json' | 'grpc';
  readonly handoverOnExit?: boolean;
  readonly timeoutMillis?: number;
  readonly spool?: { readonly directory: string };
}

function run({ protocol = 'http/protobuf', ...asked }: Asked, env: NodeJS.ProcessEnv = {}): Promise<Ending> {
  const url = protocol === 'grpc' ? collector.grpcUrl : collector.httpUrl;
  const child = spawn(process.execPath, [fixture, JSON.stringify({ url, protocol, ...asked })], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const overdue = setTimeout(() => child.kill('SIGKILL'), 100_000);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(overdue);
      resolve({ code, signal, output });
    });
  });
}

function everythingArrived(): Promise<boolean> {
  return collector.waitFor(
    (seen) => seen.spans().length === 1 && seen.logRecords().length === 1 && seen.metrics().length === 1,
  );
}

describe('a process that ends without shutdown()', () => {
  it.each([
    ['process.exit()', 'exit', { code: 3, signal: null }],
    ['an uncaught exception', 'throw', { code: 1, signal: null }],
    ['a signal', 'signal', { code: null, signal: 'SIGTERM' }],
    ['an empty event loop', 'nothing', { code: 0, signal: null }],
  ] as const)('loses nothing at %s, and ends as it would without telemetry', async (_name, ending, how) => {
    expect(await run({ ending })).toMatchObject(how);
    await everythingArrived();
  });

  it.each(['http/json', 'grpc'] as const)('hands over for %s', async (protocol) => {
    await run({ ending: 'exit', protocol });
    await everythingArrived();
  });

  it('hands over from a temporary directory that does not exist', async () => {
    await run({ ending: 'exit' }, { TMPDIR: '/nowhere' });
    expect(await everythingArrived()).toBe(true);
  });

  it('loses what is queued if the host turned the hand-over off', async () => {
    await run({ ending: 'exit', handoverOnExit: false });
    // Everything of a later process arrives, and nothing else.
    await run({ ending: 'exit' });
    await everythingArrived();
    expect(collector.requests()).toHaveLength(3);
  });
});

describe('shutdownOnProcessExit', () => {
  it('hands over at once and counts what it handed over', async () => {
    const { code, output } = await run({ ending: 'on-process-exit' });
    const handedOver = { queued: 0, exported: 0, handedOver: 1, dropped: 0, failed: 0 };
    expect(code).toBe(0);
    expect(JSON.parse(output).stats).toEqual({ traces: handedOver, logs: handedOver, metrics: handedOver });
    await everythingArrived();
  });
});

describe('shutdown', () => {
  it('hands over what a hung collector did not take in time, reports that, and lets the process end', async () => {
    await collector.behave({ kind: 'hang', times: 3 });
    const { code, output } = await run({ ending: 'shutdown', timeoutMillis: 1500 });
    const report = JSON.parse(output);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      code: 'OTEL_SHUTDOWN_INCOMPLETE',
      signals: { traces: { handedOver: 1 }, logs: { handedOver: 1 }, metrics: { handedOver: 1 } },
    });
    await everythingArrived();
  });

  it('hands over at the first failure of a collector that is down, without waiting for the time-out', async () => {
    await collector.behave({ kind: 'status', code: 503, times: 3 });
    // Waiting for it would take longer than the test.
    const { output } = await run({ ending: 'shutdown', timeoutMillis: 600_000 });
    expect(JSON.parse(output).code).toBe('OTEL_SHUTDOWN_INCOMPLETE');
    await everythingArrived();
  });

  it('hands nothing over when the collector answers', async () => {
    const { output } = await run({ ending: 'shutdown', ...patience });
    expect(JSON.parse(output).code).toBeUndefined();
    await everythingArrived();
    expect(collector.requests()).toHaveLength(3);
  });
});

describe('a provider with a spool', () => {
  it('leaves what is queued at exit to the next start, and starts no uploader', async () => {
    const directory = path.join(mkdtempSync(path.join(tmpdir(), 'provider-exit-')), 'spool');
    try {
      await run({ ending: 'exit', spool: { directory } });
      expect(readdirSync(directory)).toHaveLength(3);
      await run({ ending: 'stay', spool: { directory } });
      await collector.waitFor((seen) => seen.spans().length >= 1 && seen.logRecords().length >= 1);
      expect(collector.metrics().length).toBeGreaterThanOrEqual(1);
      const ids = collector.requests().map(({ headers }) => headers['codex-otel-batch-id']);
      expect(new Set(ids).size).toBe(ids.length);
    } finally {
      rmSync(path.dirname(directory), { recursive: true });
    }
  });
});
