import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { childLimits, sourceFlags } from '@codex-otel/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const page = await readFile(here('../../../docs/from-rust.md'), 'utf8');

/** Each row of the page: the names there, and the snippet here. */
const rows = page
  .split(/^## /m)
  .slice(1)
  .map((section): [names: string, code: string] => [
    section.slice(0, section.indexOf('\n')),
    /```ts\n(.*?)```/s.exec(section)?.[1] ?? '',
  ]);

let folder: string;
let outputs: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'from-rust-'));
  await symlink(here('../node_modules'), path.join(folder, 'node_modules'));
  const files = rows.map(([, code], index) => writeFile(path.join(folder, `${index}.ts`), code));
  await Promise.all(files);
  const runs = rows.map(async ([names], index): Promise<[string, readonly string[]]> => {
    const args = [...sourceFlags, `${index}.ts`];
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout, stderr } = await run(process.execPath, args, { ...childLimits, cwd: folder, env });
    expect(stderr).toBe('');
    return [names, stdout.trimEnd().split('\n')];
  });
  outputs = new Map(await Promise.all(runs));
});
afterAll(() => rm(folder, { recursive: true }));

describe('docs/from-rust.md', () => {
  it.each(rows)('has a snippet for %s that prints what its comments say', (names, code) => {
    const announced = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, text = '']) => text);
    expect(announced).not.toEqual([]);
    expect(outputs.get(names)).toEqual(announced);
  });

  it('names everything that the crate exports', () => {
    for (const name of [
      'OtelProvider::from',
      'OtelSettings',
      'OtelExporter',
      'SessionTelemetry::new',
      'MetricsConfig::otlp',
      'MetricsConfig::in_memory',
      'MetricsClient',
      'current_span_w3c_trace_context',
      'set_parent_from_w3c_trace_context',
      'records_turn_token_usage_on_span',
      'drop',
      'shutdown',
    ])
      expect(rows.map(([names]) => names).join()).toContain(name);
  });
});
