// `npm run runtimes`: runs an agent on each runtime, over each protocol, to each way of ending, bundled and as single
// files too, and writes what arrived into docs/runtimes.md.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { protocols } from './agent-run.ts';
import { endingTable, notTold } from './ending-table.ts';
import type { Program } from './programs.ts';
import { builtProgram, installedAgent, programBuilds } from './programs.ts';
import { heardEndings, presentRuntimes } from './runtime.ts';

const file = fileURLToPath(new URL('../../../docs/runtimes.md', import.meta.url));
const runtimes = presentRuntimes();

const ways = await endingTable(runtimes.map(installedAgent), protocols, heardEndings());
console.log(ways.text);
const deno = runtimes.filter(({ name }) => name === 'Deno');
const own = await endingTable(deno.map(installedAgent), protocols, ['Deno.exit']);
console.log(own.text);

const folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-programs-'));
const built: Program[] = [];
const notBuilt: string[] = [];
for (const build of programBuilds(runtimes)) {
  try {
    built.push(await builtProgram(build, folder));
  } catch (error) {
    console.error(`${build.name} could not be built: ${error instanceof Error ? error.message : error}`);
    notBuilt.push(build.name);
  }
}
const bundles = await endingTable(built, ['http/protobuf', 'grpc'], ['process.exit', 'process.exit, into the spool']);
console.log(bundles.text);
const untold = await notTold(built);
if (untold.length > 0) console.error(`Without a warning about their missing uploader: ${untold.join(', ')}`);
await rm(folder, { recursive: true });

const versions = runtimes.map(({ name, version }) => `${name} ${version}`).join(', ');
const ran = `Run ${new Date().toISOString().slice(0, 10)} on ${versions}.`;
const missing = notBuilt.length > 0 ? `\n\nNot built on that machine: ${notBuilt.join(', ')}.` : '';
let text = await readFile(file, 'utf8');
text = withPart(text, 'endings', `${ran}\n\n${ways.text}${deno.length > 0 ? `\n\n${own.text}` : ''}`);
text = withPart(text, 'programs', `${bundles.text}${missing}`);
await writeFile(file, text);
process.exit(ways.isWhole && (deno.length === 0 || own.isWhole) && bundles.isWhole && untold.length === 0 ? 0 : 1);

/** The text with what stands between the two marks of a part replaced. */
function withPart(whole: string, name: string, part: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const before = whole.slice(0, whole.indexOf(start) + start.length);
  return `${before}\n${part}\n${whole.slice(whole.indexOf(end))}`;
}
