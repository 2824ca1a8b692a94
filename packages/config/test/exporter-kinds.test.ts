import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesWithTypeErrors } from '@codex-otel/testing';
import { describe, expect, it } from '@jest/globals';

const packageFolder = fileURLToPath(new URL('../', import.meta.url));

describe('a new kind of OtelExporter', () => {
  it('does not compile in any place that must know it', async () => {
    const folder = await mkdtemp(path.join(packageFolder, 'node_modules/.exporter-kinds-'));
    try {
      await cp(path.join(packageFolder, 'src'), path.join(folder, 'src'), { recursive: true });
      await writeFile(
        path.join(folder, 'tsconfig.json'),
        JSON.stringify({ extends: '../../../../tsconfig.base.json', include: ['src'] }),
      );
      expect(await filesWithTypeErrors(folder)).toEqual([]);
      const file = path.join(folder, 'src/otel-exporter.ts');
      const source = await readFile(file, 'utf8');
      await writeFile(
        file,
        source.replace('OtelExporter =', "OtelExporter =\n  | { readonly kind: 'file'; readonly path: string }"),
      );
      expect(await filesWithTypeErrors(folder)).toEqual([
        'config-table.ts',
        'environment-settings.ts',
        'exporter-value.ts',
        'otlp-connection.ts',
        'settings-check.ts',
      ]);
      const table = path.join(folder, 'src/config-table.ts');
      const tables = await readFile(table, 'utf8');
      await writeFile(
        table,
        tables.replace(
          'readonly none: undefined;',
          'readonly none: undefined;\n  readonly file: { readonly path: string };',
        ),
      );
      // Where it is written is known now; what is allowed there, and how it is read, are not.
      expect(await filesWithTypeErrors(folder)).toEqual([
        'config-schema.ts',
        'environment-settings.ts',
        'exporter-value.ts',
        'otlp-connection.ts',
        'settings-check.ts',
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
