/** Whether the program is one file that holds its runtime: a single executable application, `bun build --compile`, `deno compile`. */
export function isSingleFile(): boolean {
  // Bun's single files have a path of their own. The module `node:sea` is absent in Bun, in Deno, and in hosts that
  // embed Node.
  const isBuns = /^(\/\$bunfs\/|[a-z]:[\\/]~BUN[\\/])/i.test(process.argv[1] ?? '');
  return isBuns || denoBuild()?.standalone === true || (process.getBuiltinModule('node:sea')?.isSea() ?? false);
}

function denoBuild(): { readonly standalone?: unknown } | undefined {
  const deno: unknown = Reflect.get(globalThis, 'Deno');
  const build: unknown = typeof deno === 'object' && deno !== null ? Reflect.get(deno, 'build') : undefined;
  return typeof build === 'object' && build !== null ? build : undefined;
}
