// Publishes the packages whose versions the registry does not have. The repository's address in manifests and READMEs
// comes from the environment of GitHub's runners, and is only in the published files.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { GITHUB_SERVER_URL = 'https://github.com', GITHUB_REPOSITORY, ACTIONS_ID_TOKEN_REQUEST_URL } = process.env;
if (!/^[\w.-]+\/[\w.-]+$/.test(GITHUB_REPOSITORY ?? '')) {
  console.error("release: GITHUB_REPOSITORY is not 'owner/name': what is published must say where it comes from");
  process.exit(1);
}
const address = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`;

/** The files as they are in the repository, by name. */
const originals = new Map();
function rewrite(file, change) {
  const text = readFileSync(file, 'utf8');
  originals.set(file, text);
  writeFileSync(file, change(text));
}

function published(manifest, folder) {
  const { publishConfig, ...rest } = JSON.parse(manifest);
  const completed = {
    ...rest,
    homepage: `${address}/tree/main/${folder}#readme`,
    bugs: { url: `${address}/issues` },
    repository: { type: 'git', url: `git+${address}.git`, directory: folder },
    // Only if a runner can attest the origin of the build.
    publishConfig: { ...publishConfig, ...(ACTIONS_ID_TOKEN_REQUEST_URL && { provenance: true }) },
  };
  return `${JSON.stringify(completed, null, 2)}\n`;
}

/** npm's page does not have the files that a README links to. */
function withAbsoluteLinks(readme, folder) {
  return readme.replaceAll(/\]\((?![a-z]+:|#)([^)\s]+)\)/g, (_link, target) => {
    const file = path.posix.normalize(path.posix.join(folder, target));
    return `](${address}/blob/main/${file})`;
  });
}

let code = 1;
try {
  for (const name of readdirSync(path.join(root, 'packages'))) {
    const folder = `packages/${name}`;
    rewrite(path.join(root, folder, 'package.json'), (text) => published(text, folder));
    rewrite(path.join(root, folder, 'README.md'), (text) => withAbsoluteLinks(text, folder));
  }
  const result = spawnSync('changeset', ['publish', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
  if (result.error !== undefined) console.error(`release: changeset: ${result.error.message}`);
  code = result.status ?? 1;
} finally {
  for (const [file, text] of originals) writeFileSync(file, text);
}
process.exitCode = code;
