interface DenoPermissions {
  querySync(descriptor: Readonly<Record<string, string>>): { readonly state: string };
}

/** The flags that Deno lacks to start a program on a file of its own; none on other runtimes. */
export function missingPermissions(command: readonly string[] | undefined): readonly string[] {
  const permissions = denoPermissions();
  const [program] = command ?? [];
  if (permissions === undefined || program === undefined) return [];
  const directory = process.getBuiltinModule('node:os').tmpdir();
  return [
    ...(permissions.querySync({ name: 'run', command: program }).state === 'granted' ? [] : ['--allow-run']),
    ...(permissions.querySync({ name: 'write', path: directory }).state === 'granted' ? [] : ['--allow-write']),
  ];
}

function denoPermissions(): DenoPermissions | undefined {
  const deno: { readonly permissions?: DenoPermissions } | undefined = Reflect.get(globalThis, 'Deno');
  return deno?.permissions;
}
