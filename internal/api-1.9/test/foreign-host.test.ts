import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { childLimits, sourceFlags } from '@codex-otel/testing';
import { describe, expect, it } from '@jest/globals';
import * as api from '@opentelemetry/api';

const host = fileURLToPath(new URL('programs/host.ts', import.meta.url));

/** What a host on 1.9 that uses these prints. */
async function printed(used: readonly string[], debug?: '1'): Promise<{ stdout: string; stderr: string }> {
  const { CODEX_OTEL_DEBUG: _own, ...env } = process.env;
  const child = spawn(process.execPath, [...sourceFlags, host, ...used], {
    ...childLimits,
    env: { ...env, ...(debug && { CODEX_OTEL_DEBUG: debug }) },
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr };
}

const told =
  /codex-otel\/metrics: this process registered with @opentelemetry\/api 1\.9\.0, which does not fit [^\n]+ 1\.10\.0 or newer\n$/;

describe('a host on the API 1.9', () => {
  it('really has 1.9: logs came with 1.10', () => {
    expect('logs' in api).toBe(false);
  });

  it.each([
    ['a session', ['session']],
    ['a provider', ['provider']],
    ['a provider that registers nothing', ['provider', 'alone']],
    ['both', ['session', 'provider']],
  ])('gets one report on its diag: %s', async (_what, used) => {
    const { stdout, stderr } = await printed(['diag', ...used]);
    expect(stdout).toMatch(told);
    expect(stdout.match(/1\.9\.0/g)).toHaveLength(1);
    expect(stderr).toBe('');
  });

  it.each([
    ['a session', ['session']],
    ['a provider', ['provider']],
    ['both', ['session', 'provider']],
  ])('gets one report on stderr with CODEX_OTEL_DEBUG if it has no diag: %s', async (_what, used) => {
    const { stdout, stderr } = await printed(used, '1');
    expect(stderr).toMatch(told);
    expect(stderr.match(/1\.9\.0/g)).toHaveLength(1);
    expect(stdout).toBe('');
  });

  it('gets no message without a logger', async () => {
    expect(await printed(['session', 'provider'])).toEqual({ stdout: '', stderr: '' });
  });
});
