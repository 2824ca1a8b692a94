import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { childLimits, sourceFlags } from '@codex-otel/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { metricSum, responsesOf, shippedStream, turnUsage } from '../src/index.ts';

const program = fileURLToPath(new URL('./programs/one-shot-turn.ts', import.meta.url));
const run = promisify(execFile);

let collector: OtlpCollector;
beforeAll(async () => {
  collector = await startOtlpCollector({ grpc: false });
});
afterAll(() => collector.close());

describe('a process that runs one turn and exits', () => {
  it('has exported the metrics of its turn, its span and its records, and printed nothing', async () => {
    const { stdout, stderr } = await run(process.execPath, [...sourceFlags, program, collector.httpUrl], {
      ...childLimits,
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect([stdout, stderr]).toEqual(['', '']);

    const [{ usage } = { usage: undefined }] = responsesOf(await shippedStream('1-plain-answer'));
    const metrics = collector.metrics();
    const tokens = (type: string) => metricSum(metrics, 'codex.turn.token_usage', { token_type: type });
    expect(tokens('input')).toBe(usage?.inputTokens);
    expect(tokens('cached_input')).toBe(usage?.cachedInputTokens);
    expect(tokens('output')).toBe(usage?.outputTokens);
    expect(tokens('reasoning_output')).toBe(usage?.reasoningOutputTokens);
    expect(tokens('total')).toBe(usage?.totalTokens);
    expect(metricSum(metrics, 'codex.turn.e2e_duration_ms')).toEqual(expect.any(Number));
    expect(metricSum(metrics, 'codex.turn.ttft.duration_ms')).toEqual(expect.any(Number));
    expect(collector.spans().flatMap((span) => turnUsage(span) ?? [])).toEqual([usage]);
    expect(collector.logRecords().length).toBeGreaterThan(0);
  });
});
