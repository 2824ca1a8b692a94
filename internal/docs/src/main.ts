// `npm run api`: writes docs/api. With `-- --since COMMIT` it also fails where a surface has changed since then without
// a changeset.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutChangeset } from './changesets.ts';
import { surfaceOf } from './surface.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const [flag, since] = process.argv.slice(2);

await mkdir(path.join(root, 'docs/api'), { recursive: true });
for (const name of await readdir(path.join(root, 'packages'))) {
  await writeFile(path.join(root, 'docs/api', `${name}.md`), await surfaceOf(path.join(root, 'packages', name)));
}
if (flag === '--since' && since !== undefined) {
  const names = withoutChangeset(root, since);
  for (const name of names) {
    console.error(`${name}: its public surface has changed since ${since}, and no changeset says so: npx changeset`);
  }
  if (names.length > 0) process.exitCode = 1;
}
