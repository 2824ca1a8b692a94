import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { childLimits, describeIfPresent, typeScriptFlags } from '@codex-otel/testing';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { turnUsage } from '../src/index.ts';

const run = promisify(execFile);
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const built = existsSync(here('../../../packages/session-telemetry/dist/index.cjs'));

let collector: OtlpCollector;
beforeEach(async () => {
  collector = await startOtlpCollector({ grpc: false });
});
afterEach(() => collector.close());

describeIfPresent('consumers of the built packages', built, () => {
  it('can be CommonJS; process-wide state is shared with ES modules of the same process', async () => {
    const { stdout, stderr } = await run(process.execPath, [here('./programs/consumer.cjs'), collector.httpUrl], {
      ...childLimits,
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect(stderr).toBe('');
    const { carriers, sameCopy } = JSON.parse(stdout);
    expect(sameCopy).toBe(false);
    expect(carriers[0]).toMatchObject({ tracestate: 'example=from:commonjs' });
    expect(carriers[1]).toEqual(carriers[0]);
    expect(collector.spans().flatMap((span) => turnUsage(span)?.totalTokens ?? [])).toEqual([8]);
    const metrics = new Set(collector.metrics().map(({ name }) => name));
    for (const name of ['codex.process.start', 'codex.turn.token_usage', 'recorded.by.esm']) {
      expect(metrics).toContain(name);
    }
  });

  it('can be the demo, as `npm run demo` runs it', async () => {
    const { stdout, stderr } = await run(
      process.execPath,
      [...typeScriptFlags, here('../../../examples/cli/bin/demo.mjs'), '--endpoint', collector.httpUrl],
      { ...childLimits, env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' } },
    );
    expect(stderr).toBe('');
    const { length } = collector.spans();
    expect(stdout).toContain(`Sent to ${collector.httpUrl} (http/protobuf): ${length} of ${length} spans`);
    const [first] = collector.spans().filter(({ name }) => name === 'session_task.turn');
    expect(first && turnUsage(first)?.totalTokens).toBe(5039);
  });
});
