import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ModelServer } from '@codex-otel/example-cli';
import { MODEL_API_KEY, startModelServer } from '@codex-otel/example-cli';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { childLimits, sourceFlags } from '@codex-otel/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const guides = fileURLToPath(new URL('../../../docs/guides/', import.meta.url));
const examples: [name: string, code: string][] = [];
for (const name of (await readdir(guides)).sort()) {
  const text = await readFile(path.join(guides, name), 'utf8');
  for (const [, code = ''] of text.matchAll(/```ts\n(.*?)```/gs)) examples.push([name, code]);
}

let collector: OtlpCollector;
let modelServer: ModelServer;
let codexHome: string;

beforeAll(async () => {
  collector = await startOtlpCollector({ grpc: false });
  modelServer = await startModelServer({ answers: [{ stream: '1-plain-answer' }], paceMillis: 0 });
  codexHome = await mkdtemp(path.join(tmpdir(), 'codex-home-'));
  const exporter = `{ otlp-http = { endpoint = "${collector.httpUrl}", protocol = "binary" } }`;
  const keys = ['exporter', 'trace_exporter', 'metrics_exporter'];
  await writeFile(
    path.join(codexHome, 'config.toml'),
    `[otel]\n${keys.map((key) => `${key} = ${exporter}\n`).join('')}`,
  );
});
afterAll(async () => {
  await modelServer.close();
  await collector.close();
  await rm(codexHome, { recursive: true });
});

describe('the examples of the guides', () => {
  it.each(examples)('run unchanged, and print what their comments say: %s', async (_name, code) => {
    const { stdout, stderr } = await run(
      process.execPath,
      [...sourceFlags, '--input-type=module-typescript', '--eval', code],
      {
        ...childLimits,
        cwd: fileURLToPath(new URL('..', import.meta.url)),
        env: {
          ...process.env,
          NODE_OPTIONS: '',
          CODEX_HOME: codexHome,
          OPENAI_BASE_URL: modelServer.url,
          OPENAI_API_KEY: MODEL_API_KEY,
        },
      },
    );
    expect(stderr).toBe('');
    for (const [, wanted] of code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)) {
      expect(stdout.split('\n')).toContain(wanted);
    }
  });

  it('record what they say: a turn with its response and its tool', async () => {
    expect(examples.map(([name]) => name)).toContain('add-to-an-agent.md');
    // A process that could not send everything in its time-out leaves the rest to the uploader.
    await collector.waitFor(({ spans }) => {
      const names = spans().map(({ name }) => name);
      return ['session_task.turn', 'handle_responses', 'handle_tool_call', 'work'].every((name) =>
        names.includes(name),
      );
    });
  });
});
