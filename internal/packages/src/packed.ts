import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { mustRun, root } from './commands.ts';

/** One of our packages, as it would be published. */
export interface PackedPackage {
  /** With its scope. */
  readonly name: string;
  /** Where the tarball is. */
  readonly tarball: string;
  readonly bytes: number;
}

/** Packs all packages, which are built, into a folder. */
export async function packAll(folder: string): Promise<readonly PackedPackage[]> {
  const packages = path.join(root, 'packages');
  const names = (await readdir(packages)).sort();
  return Promise.all(
    names.map(async (directory): Promise<PackedPackage> => {
      const cwd = path.join(packages, directory);
      const { name, version } = JSON.parse(await readFile(path.join(cwd, 'package.json'), 'utf8'));
      await mustRun('pnpm', ['pack', '--pack-destination', folder], { cwd });
      const tarball = path.join(folder, `${name.slice(1).replace('/', '-')}-${version}.tgz`);
      return { name, tarball, bytes: (await stat(tarball)).size };
    }),
  );
}
