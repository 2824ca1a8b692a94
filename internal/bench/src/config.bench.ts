import { readFileSync } from 'node:fs';
import type { Bench, BenchRow } from './bench.ts';
import { runChildProcess } from './child-process.ts';
import { measureInterleaved } from './rounds.ts';
import { formatSpread } from './statistics.ts';

const readings = [
  ['typical', 'a typical file'],
  ['without our table', 'a file without [otel]'],
  ['without a file', 'no file'],
] as const;
const parsers = ['smol-toml', '@iarna/toml', 'toml'] as const;
const schemas = ['valibot', 'zod/mini', 'zod', 'ajv'] as const;
const extremes = [
  ['largest, other tables', '128 KiB of other tables'],
  ['largest, unknown keys', '128 KiB of unknown keys'],
  ['largest, list of tables', '128 KiB of a list of tables'],
  ['largest, unfinished text', '128 KiB of an unfinished text'],
] as const;

/** What it costs to read the configuration, and why with these two libraries. */
export const bench: Bench = {
  title: 'Configuration: reading a file',
  about:
    'Cold: the first call in a new process, from before the import to the settings; goal: at most 15 ms for a ' +
    'typical file. Libraries: importing them and reading one document of the same content, cold, each from its own ' +
    'files; the fastest pair is bundled into the package, where loading it costs less than here. Extremes: warm; ' +
    'goal: at most 50 ms.',
  columns: ['ms'],
  chart: { title: 'Reading the configuration', unit: 'ms', kind: 'bars' },
  async run() {
    const names = [...readings.map(([name]) => name), ...parsers, ...schemas, ...extremes.map(([name]) => name)];
    const cases = Object.fromEntries(names.map((name) => [name, () => runCase(name)]));
    const summaries = await measureInterleaved(cases, { rounds: 21, warmupRounds: 2 });
    const row = (name: string, title: string): BenchRow => {
      const summary = summaries[name];
      if (summary === undefined) throw new Error(`'${name}' was not measured`);
      return { name: title, values: [formatSpread(summary)], points: [{ value: summary.median }] };
    };
    return [
      ...readings.map(([name, title]) => row(name, `cold: ${title}`)),
      ...parsers.map((name) => row(name, `TOML: ${name} ${version(name)}`)),
      ...schemas.map((name) => row(name, `schema: ${name} ${version(name)}`)),
      ...extremes.map(([name, title]) => row(name, `extreme: ${title}`)),
    ];
  },
};

async function runCase(name: string): Promise<number> {
  const millis = await runChildProcess({ file: new URL('./config-child.ts', import.meta.url), args: [name] });
  if (typeof millis !== 'number') throw new Error(`'${name}' measured nothing`);
  return millis;
}

/** The installed version; a subpath has its package's. */
function version(name: string): string {
  const [packageName = name] = /^(?:@[^/]+\/)?[^/]+/.exec(name) ?? [];
  const file = new URL(`../node_modules/${packageName}/package.json`, import.meta.url);
  const manifest: { readonly version?: string } = JSON.parse(readFileSync(file, 'utf8'));
  return manifest.version ?? '';
}
