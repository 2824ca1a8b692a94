import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesWithTypeErrors } from '@codex-otel/testing';
import { describe, expect, it } from '@jest/globals';

const packageFolder = fileURLToPath(new URL('../', import.meta.url));

/** Copies the sources of a package to where the copy of the provider finds it. */
async function copyPackage(name: string, folder: string): Promise<void> {
  const copy = path.join(folder, 'node_modules/@codex-otel', name);
  await mkdir(copy, { recursive: true });
  for (const part of ['src', 'package.json']) {
    await cp(path.join(packageFolder, '..', name, part), path.join(copy, part), { recursive: true });
  }
}

describe('a new kind of OtelExporter', () => {
  it('does not compile in any place of metrics and provider that must know it', async () => {
    const folder = await mkdtemp(path.join(packageFolder, 'node_modules/.exporter-kinds-'));
    try {
      await cp(path.join(packageFolder, 'src'), path.join(folder, 'src'), { recursive: true });
      await copyPackage('config', folder);
      const libraries = path.join(packageFolder, '../config/node_modules');
      await symlink(libraries, path.join(folder, 'node_modules/@codex-otel/config/node_modules'));
      await copyPackage('metrics', folder);
      await writeFile(
        path.join(folder, 'tsconfig.json'),
        JSON.stringify({ extends: '../../../../tsconfig.base.json', include: ['src'] }),
      );
      expect(await filesWithTypeErrors(folder)).toEqual([]);

      const file = path.join(folder, 'node_modules/@codex-otel/config/src/otel-exporter.ts');
      const source = await readFile(file, 'utf8');
      await writeFile(
        file,
        source.replace('OtelExporter =', "OtelExporter =\n  | { readonly kind: 'file'; readonly path: string }"),
      );
      expect((await filesWithTypeErrors(folder)).filter((name) => !configFiles.includes(name))).toEqual([
        'check-connections.ts',
        'configured-values.ts',
        'destination.ts',
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 120_000);
});

/** The places in config, which a test there lists. */
const configFiles = [
  'config-table.ts',
  'environment-settings.ts',
  'exporter-value.ts',
  'otlp-connection.ts',
  'settings-check.ts',
];
