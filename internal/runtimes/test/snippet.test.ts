import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { describeIfPresent } from '@codex-otel/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { presentRuntimes } from '../src/runtime.ts';

const page = new URL('../../../docs/runtimes.md', import.meta.url);
const resolveDir = fileURLToPath(new URL('.', import.meta.url));
const rest = '  // … the agent …\n';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-snippet-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The program of the docs page, with settings and an agent that records one item and exits. */
async function bundledSnippet(file: string, endpoint: string): Promise<string> {
  const [, snippet = ''] = /```js\n(.*?)```/s.exec(await readFile(page, 'utf8')) ?? [];
  expect(snippet).toContain(rest);
  const exporter = { kind: 'otlp-http', endpoint, protocol: 'binary' };
  const none = { kind: 'none' };
  const settings = {
    ...{ environment: 'test', serviceName: 'snippet', serviceVersion: '1', codexHome: folder },
    ...{ exporter, traceExporter: none, metricsExporter: none },
  };
  const agent = "  otel.logger.emit({ eventName: 'codex.user_prompt' });\n  process.exit(0);\n";
  const contents = `const settings = ${JSON.stringify(settings)};\n${snippet.replace(rest, agent)}`;
  const outfile = path.join(folder, file);
  const format = path.extname(file) === '.mjs' ? 'esm' : 'cjs';
  await build({ stdin: { contents, resolveDir }, outfile, bundle: true, platform: 'node', format, logLevel: 'error' });
  return outfile;
}

const runtimes = presentRuntimes();
for (const name of ['Node', 'Bun', 'Deno']) {
  const runtime = runtimes.find((each) => each.name === name);
  describeIfPresent(`the program of docs/runtimes.md on ${name}`, runtime !== undefined, () => {
    it.each(['agent.mjs', 'agent.cjs'])(
      'hands over as %s',
      async (file) => {
        const collector = await startOtlpCollector({ grpc: false });
        const [program = '', ...args] = [...(runtime?.command ?? []), await bundledSnippet(file, collector.httpUrl)];
        const { NODE_OPTIONS: _jest, ...env } = process.env;
        expect(await promisify(execFile)(program, args, { env, cwd: folder })).toEqual({ stdout: '', stderr: '' });
        await collector.waitFor((seen) => seen.logRecords().length === 1, { timeoutMillis: 60_000 });
        await collector.close();
      },
      120_000,
    );
  });
}
