import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Rolldown } from 'tsdown';
import { defineConfig } from 'tsdown';

/**
 * Of a bundled library that has both, the declarations of its ES modules. Those of its CommonJS build come first in
 * some `exports`, and the bundler takes them for CommonJS: it wraps them, and what they declare is lost.
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
 * Gives parts that load later their own copies of the modules that they have in common with the start, or with each other.
 * A module that two parts share becomes a file of its own, here and in a program's own bundle, and each file that a start
 * reads costs it more than what stands in the copies. What is copied keeps no state, and no identity that anybody asks for.
 *
 * @param parts - the modules of those parts: entries, or what is imported later.
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
  // Before the plugin that resolves declarations, which asks no other plugin.
  inputOptions: (options) => ({ ...options, plugins: [declarationsOfModules, options.plugins] }),
  outputOptions: { sourcemapExcludeSources: true },
  fixedExtension: true,
  exports: false,
  publint: { strict: true },
  attw: { profile: 'node16', level: 'error' },
});
