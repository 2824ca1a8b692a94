// Runs benchmarks and writes their tables: `npm run bench`, `npm run bench -- <topic> …`, `npm run bench -- --list`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Bench } from './bench.ts';
import { writeSection } from './results.ts';

const ending = '.bench.ts';
const folder = new URL('./', import.meta.url);
const resultsFile = new URL('../RESULTS.md', import.meta.url);

const topics = readdirSync(folder)
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length))
  .sort();

const args = process.argv.slice(2);
const unknown = args.filter((arg) => arg !== '--list' && !topics.includes(arg));
if (unknown.length > 0) {
  console.error(`unknown topic ${unknown.join(', ')}; there are: ${topics.join(', ')}`);
  process.exitCode = 1;
} else if (args.includes('--list')) {
  console.log(topics.join('\n'));
} else {
  for (const topic of args.length > 0 ? args : topics) await runTopic(topic);
}

async function runTopic(topic: string): Promise<void> {
  const module: { readonly bench?: Bench } = await import(new URL(`${topic}${ending}`, folder).href);
  if (module.bench === undefined) throw new Error(`${topic}${ending} does not export 'bench'`);
  console.error(`▸ bench ${topic}: ${module.bench.title}`);
  const rows = await module.bench.run();
  const measured = process.execArgv.some((flag) => flag.includes('@codex-otel/source')) ? 'sources' : 'built packages';
  writeSection(resultsFile, topic, module.bench, rows, { date: new Date(), versions: versions(), measured });
  const width = Math.max(...rows.map((row) => row.name.length));
  console.log([`\n${module.bench.title}: ${module.bench.columns.join(' | ')}`].join('\n'));
  for (const row of rows) console.log(`${row.name.padEnd(width)}  ${row.values.join(' | ')}`);
}

/** Node and what this workspace depends on, as installed. */
function versions(): Map<string, string> {
  const manifest = readManifest(new URL('../package.json', import.meta.url));
  const found = new Map([['node', process.versions.node]]);
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
    if (existsSync(file)) found.set(name, readManifest(file).version ?? 'unknown');
  }
  return found;
}

function readManifest(file: URL): {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
} {
  return JSON.parse(readFileSync(file, 'utf8'));
}
