import { defineConfig, type Rolldown } from 'tsdown';

/** A declaration file that takes in those of a bundled library names the bundler's runtime, and uses nothing of it. */
const declarationsWithoutRuntime: Rolldown.Plugin = {
  name: 'declarations-without-runtime',
  generateBundle: (_options, bundle) => {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk' || !/\.d\.[cm]ts$/.test(file.fileName)) continue;
      file.code = file.code.replace(/^import .* from "\.\/rolldown-runtime-.*;\n/gm, '');
    }
  },
};

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  platform: 'neutral',
  dts: { oxc: true },
  sourcemap: true,
  // The sources are published beside the build.
  outputOptions: { sourcemapExcludeSources: true, plugins: [declarationsWithoutRuntime] },
  fixedExtension: true,
  exports: false,
  publint: { strict: true },
  attw: { profile: 'node16', level: 'error' },
});
