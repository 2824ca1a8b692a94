import { existsSync } from 'node:fs';
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

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  platform: 'neutral',
  dts: { oxc: true },
  sourcemap: true,
  // The sources are published beside the build.
  // Before the plugin that looks for declarations, which asks nobody else.
  inputOptions: (options) => ({ ...options, plugins: [declarationsOfModules, options.plugins] }),
  outputOptions: { sourcemapExcludeSources: true },
  fixedExtension: true,
  exports: false,
  publint: { strict: true },
  attw: { profile: 'node16', level: 'error' },
});
