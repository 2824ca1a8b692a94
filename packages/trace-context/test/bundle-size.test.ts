import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describeIfPresent } from '@codex-otel/testing';
import { expect, it } from '@jest/globals';
import { build } from 'esbuild';
import * as everything from '../src/index.ts';

const sources = fileURLToPath(new URL('../src/index.ts', import.meta.url));
/** The published build. Bundlers see its files, which group the sources. */
const published = fileURLToPath(new URL('../dist/index.mjs', import.meta.url));

/** A page that uses these functions: its size, minified and compressed, and what it imports. */
async function pageOf(
  entry: string,
  functions: readonly string[],
): Promise<{ bytes: number; imports: readonly string[]; text: string }> {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `import { ${functions} } from '${entry}';\nuse(${functions});`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['@opentelemetry/api'],
    metafile: true,
    write: false,
  });
  const [file] = outputFiles;
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  return {
    bytes: gzipSync(file?.contents ?? '', { level: 9 }).length,
    imports: [...new Set(imports)],
    text: file?.text ?? '',
  };
}

for (const [what, entry] of [
  ['sources', sources],
  ['published files', published],
] as const) {
  describeIfPresent(`the bundle of a page, from the ${what}`, existsSync(entry), () => {
    it.each([
      ['everything', Object.keys(everything), 2000, ['@opentelemetry/api']],
      [
        'what continues a trace',
        ['contextFromW3cTraceContext', 'injectSpanW3cTraceHeaders'],
        1000,
        ['@opentelemetry/api'],
      ],
      [
        'what starts a trace without OpenTelemetry',
        ['parseTraceparent', 'formatTraceparent', 'createW3cTraceContext'],
        500,
        [],
      ],
    ])('with %s keeps its limit and imports nothing else', async (_what, functions, limit, imports) => {
      const page = await pageOf(entry, functions);
      expect(page.imports).toEqual(imports);
      expect(page.bytes).toBeLessThanOrEqual(limit);
    });

    it('contains nothing of Node', async () => {
      const { text } = await pageOf(entry, Object.keys(everything));
      expect(text).not.toMatch(/\bnode:|\brequire\b|\bBuffer\b|(?<!globalThis\.)\bprocess\b/);
    });
  });
}
