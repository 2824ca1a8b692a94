import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  // Sources of this repository's packages, so that nothing need be built before.
  resolve: { conditions: ['@codex-otel/source', 'module', 'browser'] },
  build: {
    outDir: 'dist',
    target: 'es2023',
    // One script and one style sheet: the page is also delivered as a single file.
    cssCodeSplit: false,
    modulePreload: false,
    rolldownOptions: {
      input: fileURLToPath(new URL('src/page/main.tsx', import.meta.url)),
      output: { entryFileNames: 'page.js', assetFileNames: 'page[extname]', codeSplitting: false },
    },
  },
});
