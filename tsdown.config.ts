import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  platform: 'neutral',
  dts: { oxc: true },
  sourcemap: true,
  // The sources are published beside the build.
  outputOptions: { sourcemapExcludeSources: true },
  fixedExtension: true,
  exports: false,
  publint: { strict: true },
  attw: { profile: 'node16', level: 'error' },
});
