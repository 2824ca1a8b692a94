import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { childLimits, codeBlocks, sourceFlags } from '@codex-otel/testing';
import { describe, expect, it } from '@jest/globals';
import { metricSum, responsesOf, responseUsage, shippedStream, turnUsage } from '../src/index.ts';
import { exampleWorld } from './example-world.ts';

const run = promisify(execFile);
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const readme = await readFile(here('../../../README.md'), 'utf8');
const [settings = ''] = codeBlocks(readme, 'toml');
const world = exampleWorld(settings);

/** The code blocks of the README that import a package, by the heading or the word above them. */
const examples = codeBlocks(readme, 'ts');

function exampleOf(...packages: readonly string[]): string {
  const found = examples.filter((code) => {
    const imported = [...code.matchAll(/from '(@codex-otel\/[\w-]+)'/g)].map(([, name]) => name);
    return imported.join() === packages.join();
  });
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

describe('the examples of the README', () => {
  it('show the full install: events stream through, their usage arrives on the spans', async () => {
    const code = exampleOf('@codex-otel/config', '@codex-otel/provider', '@codex-otel/session-telemetry');
    const lines = code.split('\n').filter((line) => line.trim() !== '');
    expect(lines.length).toBeLessThanOrEqual(15);
    const events = await shippedStream('1-plain-answer');
    expect((await world.output(code)).trimEnd().split('\n')).toEqual(events.map(({ type }) => type));
    const [{ usage } = { usage: undefined }] = responsesOf(events);
    expect(world.collector.spans().flatMap((span) => turnUsage(span) ?? [])).toEqual([usage]);
    expect(world.collector.spans().flatMap((span) => responseUsage(span) ?? [])).toEqual([usage]);
    expect(world.collector.logRecords().length).toBeGreaterThan(0);
  });

  it.each(['token-usage', 'trace-context', 'config'])('show %s: it prints what its comments say', async (name) => {
    const code = exampleOf(`@codex-otel/${name}`);
    expect(world.announced(code).length).toBeGreaterThan(0);
    expect((await world.output(code)).trimEnd().split('\n')).toEqual(world.announced(code));
  });

  it('show metrics: the counter arrives', async () => {
    await world.output(exampleOf('@codex-otel/metrics'));
    expect(metricSum(world.collector.metrics(), 'codex.tool.call', { tool: 'shell', success: 'true' })).toBe(1);
  });

  it('show provider: the span arrives', async () => {
    await world.output(exampleOf('@codex-otel/config', '@codex-otel/provider'));
    expect(world.collector.spans().map(({ name }) => name)).toContain('work');
  });

  it('show session-telemetry with your own set-up: without one it does nothing and does not fail', async () => {
    expect(await world.output(exampleOf('@codex-otel/metrics', '@codex-otel/session-telemetry'))).toBe('');
  });
});

describe('the demo’s output in the README', () => {
  it('is what the demo prints, apart from times and ids', async () => {
    const [, block = ''] = /```text\n(Turn.*?)```/s.exec(readme) ?? [];
    const { stdout } = await run(
      process.execPath,
      [...sourceFlags, here('../../../examples/cli/bin/demo.mjs')],
      // The page that it writes goes there.
      { ...childLimits, cwd: world.codexHome, env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' } },
    );
    const [turns = '', arrived = ''] = block.split('Arrived at');
    const [, printedArrived = ''] = stdout.split('Arrived at');
    const printed = comparable(stdout);
    expect(comparable(turns).length).toBeGreaterThan(10);
    for (const line of comparable(turns)) expect(printed).toContain(line);
    expect(countedNames(arrived)).toEqual(countedNames(printedArrived));
  });
});

/** Lines without what differs from run to run. */
function comparable(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) =>
      line
        .replace(/[█▏]/g, '')
        .replace(/[\d.]+ ms/g, 'ms')
        .replace(/\d+ %/g, '%')
        .replace(/trace [0-9a-f]{32}/, 'trace')
        .replace(/ +/g, ' ')
        .trimEnd(),
    );
}

/** What is counted, by name: `codex.tool_result 3` counts as `codex.tool_result`. */
function countedNames(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/[a-z_.]+(?= \d)/g)].map(([name]) => name));
}
