// Bundles a program with a bundler that hangs or fails in jest's realm: `node bundle-with.mjs vite main.mjs folder`.
import path from 'node:path';

const [bundler, entry, folder] = process.argv.slice(2);
const output = { format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' };

if (bundler === 'rolldown') {
  const { build } = await import('rolldown');
  await build({ input: { main: entry }, platform: 'node', output: { ...output, dir: folder }, logLevel: 'warn' });
} else {
  const { build } = await import('vite');
  await build({
    root: path.dirname(entry),
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, target: 'node' },
    build: { ssr: true, outDir: folder, emptyOutDir: false, rolldownOptions: { input: { main: entry }, output } },
  });
}
