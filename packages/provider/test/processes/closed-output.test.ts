import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { childLimits } from '@codex-otel/testing';
import { describe, expect, it } from '@jest/globals';
import type { SignalStats } from '../../src/outlet/outlet.ts';

const fixture = fileURLToPath(new URL('./closed-output.fixture.mjs', import.meta.url));

/** Runs an agent whose output is closed under it. */
async function runWithout(output: 'stdout' | 'stderr', kind: string): Promise<{ code: number; logs: SignalStats }> {
  const child = spawn(process.execPath, [fixture, kind, 'http://127.0.0.1:9'], {
    ...childLimits,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, CODEX_OTEL_DEBUG: output === 'stderr' ? '1' : '' },
  });
  const ended = once(child, 'exit');
  await once(child, 'message');
  child[output]?.destroy();
  child.send('go on');
  const [{ logs }] = await once(child, 'message');
  const [code] = await ended;
  return { code, logs };
}

describe('an output whose reader is gone', () => {
  it('costs an agent nothing if diagnostics go there', async () => {
    expect(await runWithout('stderr', 'otlp')).toMatchObject({ code: 7 });
  });

  it('costs an agent only its telemetry if the console exporter writes there', async () => {
    expect(await runWithout('stdout', 'console')).toMatchObject({ code: 7, logs: { exported: 0, failed: 3 } });
  });
});
