import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { childLimits, sourceFlags } from '@codex-otel/testing';
import { describe, expect, it } from '@jest/globals';
import { onProcessEnd } from '../../src/handover/exit-hooks.ts';

const fixture = fileURLToPath(new URL('./exit-hooks.fixture.ts', import.meta.url));

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lines: readonly string[];
}

function run(ending: string, { listener = '', kill = undefined as NodeJS.Signals | undefined } = {}): Promise<Ending> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...sourceFlags, fixture, ending, listener], {
      // A process that does not end is a failure, and must not hang the test run.
      ...childLimits,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      const wasReady = output.includes('ready');
      output += chunk;
      if (kill !== undefined && !wasReady && output.includes('ready')) child.kill(kill);
    });
    child.on('close', (code, signal) => {
      resolve({ code, signal, lines: output.split('\n').filter((line) => line !== '' && line !== 'ready') });
    });
  });
}

const both = ['handed over', 'handed over too'];

describe('onProcessEnd', () => {
  it.each([
    ['process.exit()', 'exit', 3],
    ['an uncaught exception', 'throw', 1],
    ['an empty event loop', 'drain', 0],
  ])('calls back at %s and leaves the exit code', async (_name, ending, code) => {
    expect(await run(ending)).toEqual({ code, signal: null, lines: both });
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'calls back at %s, which still ends the process',
    async (signal) => {
      expect(await run('wait', { kill: signal })).toEqual({ code: null, signal, lines: both });
    },
  );

  it('leaves a signal to the host that listens to it', async () => {
    expect(await run('wait', { listener: 'host-exits', kill: 'SIGTERM' })).toEqual({
      code: 7,
      signal: null,
      lines: both,
    });
    expect(await run('wait', { listener: 'host-stays', kill: 'SIGTERM' })).toEqual({
      code: 8,
      signal: null,
      lines: both,
    });
  });

  it('lets signal-exit end the process as it does without a hook', async () => {
    const lines = [...both, 'signal-exit saw SIGTERM'];
    expect(await run('wait', { listener: 'signal-exit', kill: 'SIGTERM' })).toEqual({
      code: null,
      signal: 'SIGTERM',
      lines,
    });
  });

  it('lets a signal end the process even if other realms listen to it too, and calls back in each', async () => {
    const { signal, lines } = await run('wait', { listener: 'other-realms', kill: 'SIGTERM' });
    expect(signal).toBe('SIGTERM');
    expect([...lines].sort()).toEqual([
      'handed over',
      'handed over by realm a',
      'handed over by realm b',
      'handed over too',
    ]);
  });

  it('removes its listeners with the last callback', () => {
    const count = () => process.listenerCount('SIGTERM') + process.listenerCount('exit');
    const before = count();
    const [first, second] = [onProcessEnd(() => {}), onProcessEnd(() => {})];
    expect(count()).toBe(before + 2);
    first();
    expect(count()).toBe(before + 2);
    second();
    expect(count()).toBe(before);
  });
});
