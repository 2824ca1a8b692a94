import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runProgram } from '../processes/run-program.ts';
import type { BundleFormat } from './bundlers.ts';
import { bundlers, bundleWithoutRequire, entryName, filesWithGrpc, httpOnlyBundlers } from './bundlers.ts';

const entry = fileURLToPath(new URL('./program.fixture.mjs', import.meta.url));
const httpOnly = fileURLToPath(new URL('./http-only.fixture.mjs', import.meta.url));
const cases = (['esbuild', 'rollup', 'webpack'] as const).flatMap((bundler) =>
  (['esm', 'cjs'] as const).map((format): readonly [typeof bundler, BundleFormat] => [bundler, format]),
);

/** Bundles are in a folder without `node_modules` around it, so that what they lack is really missing. */
describe.each(cases)('a bundle by %s to %s', (bundler, format) => {
  let folder: string;
  let collector: OtlpCollector;

  beforeAll(async () => {
    collector = await startOtlpCollector();
    folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-bundle-'));
    await bundlers[bundler](entry, folder, format);
  });

  afterAll(async () => {
    await collector.close();
    await rm(folder, { recursive: true });
  });

  it.each(['http', 'grpc'])(
    'exports over %s',
    async (protocol) => {
      collector.clear();
      const endpoint = protocol === 'grpc' ? collector.grpcUrl : collector.httpUrl;
      const program = path.join(folder, entryName(format));
      expect(await runProgram(program, { args: [protocol, endpoint] })).toEqual({ code: 0, stdout: '', stderr: '' });
      expect([collector.spans(), collector.logRecords(), collector.metrics()].map(({ length }) => length)).toEqual([
        1, 1, 1,
      ]);
    },
    120_000,
  );

  it('keeps gRPC out of what every start reads', async () => {
    const files = await filesWithGrpc(folder);
    expect(files.length).toBeGreaterThan(0);
    // esbuild only splits ES modules: its CommonJS bundle is one file, whose gRPC part runs when it is needed.
    if (bundler !== 'esbuild' || format === 'esm') expect(files).not.toContain(entryName(format));
  });
});

describe('a program without gRPC', () => {
  it.each(Object.entries(httpOnlyBundlers))(
    'contains nothing of gRPC and exports over HTTP if %s bundles it',
    async (_name, bundle) => {
      const collector = await startOtlpCollector();
      const folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-bundle-'));
      await bundle(httpOnly, folder, 'esm');
      const result = await runProgram(path.join(folder, entryName('esm')), { args: [collector.httpUrl] });
      const files = await filesWithGrpc(folder);
      await rm(folder, { recursive: true });
      await collector.close();
      expect(result).toEqual({ code: 0, stdout: '', stderr: '' });
      expect(files).toEqual([]);
      expect(collector.spans()).toHaveLength(1);
    },
  );
});

describe('an ES module bundle without require', () => {
  it('gets an error when it exports over gRPC, and exports over HTTP', async () => {
    const collector = await startOtlpCollector();
    const folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-bundle-'));
    await bundleWithoutRequire(entry, folder, 'esm');
    const program = path.join(folder, entryName('esm'));
    const overGrpc = await runProgram(program, { args: ['grpc', collector.grpcUrl, '1000'] });
    const overHttp = await runProgram(program, { args: ['http', collector.httpUrl] });
    await rm(folder, { recursive: true });
    await collector.close();
    expect(overGrpc.code).toBe(1);
    expect(overGrpc.stderr).toMatch(/OtelShutdownError.*@grpc\/grpc-js cannot be loaded: /);
    expect(overHttp).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(collector.spans()).toHaveLength(1);
  }, 120_000);
});
