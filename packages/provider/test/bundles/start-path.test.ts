import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as esbuild from 'esbuild';
import { runProgram } from '../processes/run-program.ts';

const program = fileURLToPath(new URL('./start-program.fixture.mjs', import.meta.url));
const packages = fileURLToPath(new URL('../../../', import.meta.url));
const lister = fileURLToPath(new URL('./start-path.fixture.mjs', import.meta.url));

/**
 * What a bundled program has read when it has recorded its first items. Every start pays for a part that is added here:
 * let it load later, or say why it cannot.
 */
const withExporter = [
  '@opentelemetry/api',
  '@opentelemetry/context-async-hooks',
  'config/index',
  'metrics/index',
  'node:async_hooks',
  'node:events',
  'node:util/types',
  'provider/assembly',
  'provider/base',
  'provider/index',
  'program',
  'trace-context/format',
  'trace-context/span',
];

describe('the start path of a bundled program', () => {
  let folder: string;
  let outputs: esbuild.Metafile['outputs'];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-start-'));
    const { metafile } = await esbuild.build({
      absWorkingDir: packages,
      entryPoints: { main: program },
      outdir: folder,
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      outExtension: { '.js': '.mjs' },
      banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
      metafile: true,
      logLevel: 'error',
    });
    outputs = metafile.outputs;
  }, 120_000);

  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    // The program, and the bundler's own functions for the CommonJS of gRPC.
    ['none', 2, ['program', 'provider/index']],
    // In addition, what an exporter needs, and what it shares with parts that load later: the API and config.
    ['otlp-http', 4, withExporter],
    ['otlp-grpc', 4, withExporter],
  ])(
    'with exporters of the kind %s, in %i files',
    async (kind, files, expected) => {
      const result = await runProgram(lister, { args: [pathToFileURL(path.join(folder, 'main.mjs')).href, kind] });
      expect(result).toMatchObject({ code: 0, stderr: '' });
      const read: readonly string[] = JSON.parse(result.stdout);
      expect(partsOf(read).sort()).toEqual(expected.toSorted());
      expect(new Set(read.filter((url) => url.startsWith('file:'))).size).toBe(files);
    },
    120_000,
  );

  /** The package parts, libraries and built-in modules in the files that were read. */
  function partsOf(read: readonly string[]): string[] {
    const parts = read.flatMap((url) => {
      // Of the banner, which the program needs for gRPC.
      if (url === 'node:module') return [];
      if (url.startsWith('node:')) return [url];
      const output = Object.entries(outputs).find(([file]) => path.basename(file) === path.basename(url));
      return Object.keys(output?.[1].inputs ?? {}).map(partOf);
    });
    return [...new Set(parts)].filter((part) => part !== '');
  }
});

function partOf(input: string): string {
  if (input.endsWith('start-program.fixture.mjs')) return 'program';
  const own = /([\w-]+)\/dist\/([\w-]+?)(?:-[\w-]{8})?\.mjs$/.exec(input);
  const library = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
  if (library !== undefined) return library;
  return own === null ? input : `${own[1]}/${own[2]}`;
}
