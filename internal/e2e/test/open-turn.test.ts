import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { childLimits } from '@codex-otel/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { metricSum, turnUsage } from '../src/index.ts';

// On the built packages, as a host has them: the uploader is found beside the provider.
const program = fileURLToPath(new URL('./programs/open-turn.ts', import.meta.url));

let collector: OtlpCollector;
beforeEach(async () => {
  collector = await startOtlpCollector({ grpc: false });
});
afterEach(() => collector.close());

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function run(ending: string, signal: NodeJS.Signals | undefined): Promise<Ending> {
  const flags = ['--experimental-strip-types', '--no-warnings'];
  const child = spawn(process.execPath, [...flags, program, collector.httpUrl, ending], {
    ...childLimits,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  child.stdout.once('data', () => signal !== undefined && child.kill(signal));
  return new Promise((resolve) => {
    child.on('close', (code, by) => resolve({ code, signal: by }));
  });
}

/** The turn; for each response its stream, its sampling and three events; three tools, and the wait for them. */
const SPANS = 1 + 2 + 2 + 3 + 3 + 1;
const aborted = { 'codex.turn.outcome': 'aborted' };
const failed = { 'codex.turn.outcome': 'failed', 'error.type': 'E_BOOM' };

describe('a turn that is open when its process ends', () => {
  it.each<[string, string, NodeJS.Signals | undefined, Ending, object]>([
    ['Ctrl-C', 'signal', 'SIGINT', { code: null, signal: 'SIGINT' }, aborted],
    ['SIGTERM, with the other module format', 'other-format', 'SIGTERM', { code: null, signal: 'SIGTERM' }, aborted],
    ['process.exit()', 'exit', undefined, { code: 3, signal: null }, aborted],
    ['an uncaught error', 'throw', undefined, { code: 1, signal: null }, failed],
    ['an uncaught error that the host ends with', 'handled-throw', undefined, { code: 70, signal: null }, failed],
    ['Ctrl-C after an error that it survived', 'survived', undefined, { code: null, signal: 'SIGINT' }, aborted],
    ['Ctrl-C, where the host shuts down', 'shutdown-at-signal', 'SIGINT', { code: 130, signal: null }, aborted],
    ['the same with the global tracer', 'global-shutdown-at-signal', 'SIGINT', { code: 130, signal: null }, aborted],
    [
      'process.exit(), where the host ends it then',
      'host-at-exit',
      undefined,
      { code: 3, signal: null },
      { 'codex.turn.outcome': 'completed' },
    ],
    [
      'Ctrl-C, where the host ends it then',
      'host-at-signal',
      'SIGINT',
      { code: 130, signal: null },
      { 'codex.turn.outcome': 'failed', 'error.type': 'interrupted_by_user' },
    ],
  ])('is whole after %s', async (_name, ending, signal, how, outcome) => {
    expect(await run(ending, signal)).toEqual(how);
    await collector.waitFor((seen) => seen.spans().length >= SPANS && seen.metrics().length > 0);
    const spans = collector.spans();
    const named = (name: string) => spans.filter((span) => span.name === name);

    const [turn] = named('session_task.turn');
    expect(turn?.attributes).toMatchObject(outcome);
    expect(turn && turnUsage(turn)).toMatchObject({ inputTokens: 40, outputTokens: 2 });
    expect(turn?.events.at(-1)).toMatchObject({
      name: 'codex.turn_profile',
      attributes: { critical_path_status: 'measured', sampling_request_count: '2' },
    });

    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(ids.size).toBe(spans.length);
    expect(spans.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId))).toEqual([]);
    expect(named('receiving_stream')).toHaveLength(2);
    expect(named('codex.sampling')).toHaveLength(2);
    const tools = [...named('handle_tool_call'), ...named('mcp.tools.call')];
    expect(
      tools.map(({ attributes }) => [attributes.call_id ?? attributes['tool.call_id'], attributes.aborted]),
    ).toEqual(
      expect.arrayContaining([
        ['call_1', true],
        ['call_2', undefined],
        ['call_3', true],
      ]),
    );
    // A tool may outlast a turn that the host has ended.
    const within = spans.filter((span) => !tools.includes(span));
    expect(within.every(({ endTimeUnixNano }) => turn && endTimeUnixNano <= turn.endTimeUnixNano)).toBe(true);

    const usage = collector.logRecords().filter(({ attributes }) => attributes.input_token_count !== undefined);
    expect(usage).toHaveLength(1);
    expect(metricSum(collector.metrics(), 'codex.turn.token_usage', { token_type: 'total' })).toBe(42);
    expect(inspect([spans, collector.logRecords()], { depth: 9 })).not.toContain('secret');
  });
});
