import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './commands.ts';

/** The compilers that consumers use, by their versions. */
export const typescripts = ['5.4', '5.9', '6', '7'] as const;
/** A version of the TypeScript compiler. */
export type TypeScriptVersion = (typeof typescripts)[number];

/** How TypeScript looks for a module. */
export const resolutions = ['node16', 'nodenext', 'bundler'] as const;
/** A value of `moduleResolution`. */
export type ModuleResolution = (typeof resolutions)[number];

/** Compiles files of a consumer, with the strictest options; returns the compiler's errors, expected to be none. */
export async function compile(
  folder: string,
  version: TypeScriptVersion,
  moduleResolution: ModuleResolution,
  files: readonly string[],
): Promise<string> {
  const tsconfig = path.join(folder, `tsconfig.${version}-${moduleResolution}.json`);
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023', 'dom'],
    types: ['node'],
    module: moduleResolution === 'bundler' ? 'esnext' : moduleResolution,
    moduleResolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    declaration: true,
    // It came with 5.5.
    ...(version !== '5.4' && { isolatedDeclarations: true }),
    outDir: 'compiled',
    noEmitOnError: true,
  };
  // A bundler's consumer is an ES module.
  const own = files.filter((file) => moduleResolution !== 'bundler' || !file.endsWith('.cts'));
  await writeFile(tsconfig, JSON.stringify({ compilerOptions, files: own }));
  const compiler = fileURLToPath(new URL(`../node_modules/typescript-${version}/bin/tsc`, import.meta.url));
  const { code, output } = await run(process.execPath, [compiler, '-p', tsconfig], { cwd: folder });
  return code === 0 ? '' : `TypeScript ${version}, ${moduleResolution}:\n${output || `exit code ${code}`}`;
}
