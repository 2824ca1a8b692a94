import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { childLimits } from '@codex-otel/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { runProgram } from '../processes/run-program.ts';

const fixture = fileURLToPath(new URL('./own-uploader.fixture.mjs', import.meta.url));
const postject = createRequire(import.meta.url).resolve('postject/dist/cli.js');
const execute = promisify(execFile);
const run = (program: string, args: readonly string[]) => execute(program, args, childLimits);

let collector: OtlpCollector;
let folder: string;
beforeEach(async () => {
  collector = await startOtlpCollector({ grpc: false });
  folder = await mkdtemp(path.join(tmpdir(), 'own-uploader-'));
});
afterEach(async () => {
  await collector.close();
  await rm(folder, { recursive: true });
});

/** Without `node_modules` beside it: only what is in the bundle is there. */
async function bundle(): Promise<string> {
  const outfile = path.join(folder, 'cli.cjs');
  await build({ entryPoints: [fixture], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
  return outfile;
}

/** @see https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html */
async function singleFile(main: string): Promise<string> {
  const config = path.join(folder, 'sea.json');
  const output = path.join(folder, 'sea.blob');
  await writeFile(config, JSON.stringify({ main, output, disableExperimentalSEAWarning: true }));
  await run(process.execPath, ['--experimental-sea-config', config]);
  const program = path.join(folder, 'cli');
  await copyFile(process.execPath, program);
  await chmod(program, 0o755);
  const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
  await run(process.execPath, [postject, program, 'NODE_SEA_BLOB', output, '--sentinel-fuse', fuse]);
  return program;
}

describe('a program that is its own uploader', () => {
  it('hands over from a bundle', async () => {
    await run(process.execPath, [await bundle(), collector.httpUrl]);
    await collector.waitFor((seen) => seen.logRecords().length === 1);
    expect(collector.logRecords()[0]?.eventName).toBe('codex.user_prompt');
  });

  it('hands over from a single-file executable', async () => {
    await run(await singleFile(await bundle()), [collector.httpUrl]);
    await collector.waitFor((seen) => seen.logRecords().length === 1);
  });

  it('has a warning on diag about its missing uploader when its provider is created, and prints nothing', async () => {
    const program = await bundle();
    const args = ['--no-uploader', collector.httpUrl];
    expect(await runProgram(program, { args })).toEqual({ code: 0, stdout: '', stderr: '' });
    const { stderr } = await runProgram(program, { args, env: { CODEX_OTEL_DEBUG: '1' } });
    const lines = stderr.split('\n').filter((line) => line.includes('there is no uploader beside this program'));
    expect(lines).toEqual([
      expect.stringMatching(/^warn .* so what is queued when it ends is lost; set uploaderCommand/),
      expect.stringMatching(/^error .* 1 queued at exit are lost/),
    ]);
  });
});
