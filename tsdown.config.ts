import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Rolldown } from 'tsdown';
import { defineConfig } from 'tsdown';

/**
 * For a bundled library with declarations of both, uses those of its ES modules. In some `exports`, the declarations of
 * the CommonJS build come first. The bundler treats these as CommonJS code and wraps them, and what they declare is lost.
 */
const declarationsOfModules: Rolldown.Plugin = {
  name: 'declarations-of-modules',
  resolveId: {
    order: 'pre',
    async handler(source, importer, options) {
      if (importer === undefined || !/\.d\.[cm]?ts$/.test(importer)) return null;
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
      const id = resolved?.id.replace(/\.d\.cts$/, '.d.mts');
      return resolved !== null && id !== undefined && id !== resolved.id && existsSync(id)
        ? { ...resolved, id }
        : resolved;
    },
  },
};

const apart = /\?apart=[\w-]+$/;

/**
 * Gives parts that load later their own copies of the modules that they have in common with the start, or with each
 * other. A module that two parts share becomes a file of its own, here and in a program's own bundle, and each file that
 * a start reads costs it more than the code in the copies. Only modules are copied that keep no state and whose identity
 * nobody compares.
 *
 * @param parts - the modules of those parts: entries, or modules that are imported later.
 */
export const loadedApart = (parts: RegExp): Rolldown.Plugin => {
  const markOf = (id: string | undefined) =>
    id !== undefined && parts.test(id) ? `?apart=${path.basename(id, '.ts')}` : undefined;
  return {
    name: 'loaded-apart',
    resolveId: {
      order: 'pre',
      async handler(source, importer, options) {
        if (importer === undefined || !source.endsWith('.ts') || importer.endsWith('.d.ts')) return null;
        const resolved = await this.resolve(source, importer.replace(apart, ''), { ...options, skipSelf: true });
        const mark = apart.exec(importer)?.[0] ?? markOf(importer) ?? markOf(resolved?.id);
        return resolved === null || mark === undefined ? null : { ...resolved, id: `${resolved.id}${mark}` };
      },
    },
    load: {
      filter: { id: apart },
      handler: async (id) => ({ code: await readFile(id.replace(apart, ''), 'utf8'), moduleType: 'ts' }),
    },
  };
};

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  platform: 'neutral',
  dts: { oxc: true },
  sourcemap: true,
  // The sources are published beside the build.
  // Before the plugin that resolves declarations, since that one asks no other plugin.
  inputOptions: (options) => ({ ...options, plugins: [declarationsOfModules, options.plugins] }),
  outputOptions: { sourcemapExcludeSources: true },
  fixedExtension: true,
  exports: false,
  publint: { strict: true },
  attw: { profile: 'node16', level: 'error' },
});
