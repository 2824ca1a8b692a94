// Runs benchmarks and writes their tables and pictures: `npm run bench`, `npm run bench -- <topic> …`, `npm run bench --
// --list`; `npm run bench -- gate` checks the budgets and writes nothing; `npm run bench -- budgets` renews their table
// when a reason in `budgets.ts` has changed.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Bench, BenchRow } from './bench.ts';
import { missedWithoutReason, namedBudgets } from './budgets.ts';
import { writeChart } from './chart.ts';
import { runGate } from './gate.ts';
import { figuresOf, renewBudgets, writeSection } from './results.ts';

const ending = '.bench.ts';
const folder = new URL('./', import.meta.url);
const resultsFile = new URL('../RESULTS.md', import.meta.url);
const pictures = new URL('../pictures/', import.meta.url);

const topics = readdirSync(folder)
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length))
  .sort();

const args = process.argv.slice(2);
const unknown = args.filter((arg) => arg !== '--list' && !topics.includes(arg));
if (args[0] === 'gate') {
  process.exitCode = (await runGate()) ? 0 : 1;
} else if (args[0] === 'budgets') {
  writeFileSync(resultsFile, renewBudgets(readFileSync(resultsFile, 'utf8')));
} else if (unknown.length > 0) {
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
  if (module.bench.chart !== undefined) {
    mkdirSync(pictures, { recursive: true });
    await writeChart(new URL(`${topic}.svg`, pictures), module.bench.chart, rows);
  }
  checkBudgets(topic, rows);
  const width = Math.max(...rows.map((row) => row.name.length));
  console.log([`\n${module.bench.title}: ${module.bench.columns.join(' | ')}`].join('\n'));
  for (const row of rows) console.log(`${row.name.padEnd(width)}  ${row.values.join(' | ')}`);
}

/** A budget cannot be forgotten: its topic must measure it, and a miss needs its reason. */
function checkBudgets(topic: string, rows: readonly BenchRow[]): void {
  const figures = figuresOf(rows);
  for (const [name, budget] of namedBudgets) {
    if (budget.topic !== topic || figures[name] !== undefined) continue;
    console.error(`✗ the topic ${topic} does not measure its budget '${name}'`);
    process.exitCode = 1;
  }
  for (const name of missedWithoutReason(figures)) {
    console.error(`✗ the budget '${name}' is missed: say in budgets.ts what was tried and why it stays`);
    process.exitCode = 1;
  }
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
