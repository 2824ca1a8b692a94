import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeBlocks } from '@codex-otel/testing';
import { describe, expect, it } from '@jest/globals';
import { exampleWorld } from './example-world.ts';

const guides = fileURLToPath(new URL('../../../docs/guides/', import.meta.url));
const examples: [name: string, code: string][] = [];
for (const name of (await readdir(guides)).sort()) {
  const text = await readFile(path.join(guides, name), 'utf8');
  for (const code of codeBlocks(text, 'ts')) examples.push([name, code]);
}

const exporter = '{ otlp-http = { endpoint = "http://localhost:4318", protocol = "binary" } }';
const keys = ['exporter', 'trace_exporter', 'metrics_exporter'];
const world = exampleWorld(`[otel]\n${keys.map((key) => `${key} = ${exporter}\n`).join('')}`);

describe('the examples of the guides', () => {
  it.each(examples)('run unchanged, and print what their comments say: %s', async (_name, code) => {
    const lines = (await world.output(code)).split('\n');
    for (const wanted of world.announced(code)) expect(lines).toContain(wanted);
  });

  it('record what they say: a turn with its response and its tool', async () => {
    expect(examples.map(([name]) => name)).toContain('add-to-an-agent.md');
    const names = world.collector.spans().map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['session_task.turn', 'handle_responses', 'handle_tool_call', 'work']),
    );
  });
});
