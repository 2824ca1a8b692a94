// `npm run reliability -- <experiment>`: runs one experiment and writes what it measured into docs/reliability.md.
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runCrashes } from './crash.ts';
import { measureDelivery } from './delivery-table.ts';
import { measureExit } from './exit-table.ts';
import { measureFaults } from './fault-table.ts';
import { measureOutage } from './outage-table.ts';
import { runSoak } from './soak.ts';

const experiments: Readonly<Record<string, () => Promise<string>>> = {
  faults: measureFaults,
  exit: measureExit,
  delivery: measureDelivery,
  outage: measureOutage,
  crash: async () => listed(await runCrashes(200)),
  soak: async () => listed(await runSoak(30)),
};

function listed(outcome: object): string {
  const rows = Object.entries(outcome).map(([name, value]) => {
    const shown = typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(1) : String(value);
    return `| ${name} | ${shown} |`;
  });
  return ['| | |', '| --- | --- |', ...rows].join('\n');
}

const file = fileURLToPath(new URL('../../../docs/reliability.md', import.meta.url));
const [name = ''] = process.argv.slice(2);
if (name !== 'all' && !Object.hasOwn(experiments, name)) {
  console.error(`unknown experiment '${name}', expected 'all' or one of: ${Object.keys(experiments).join(', ')}`);
  process.exit(1);
}
for (const [each, experiment] of Object.entries(experiments)) {
  if (name !== 'all' && name !== each) continue;
  const table = await experiment();
  console.log(table);
  await writeTable(each, table);
}
// What an experiment left open must not keep the command from ending.
process.exit(0);

async function writeTable(experiment: string, table: string): Promise<void> {
  const [start, end] = [`<!-- ${experiment} -->`, `<!-- end of ${experiment} -->`];
  const text = await readFile(file, 'utf8');
  if (!text.includes(start) || !text.includes(end))
    throw new Error(`docs/reliability.md has no place for '${experiment}'`);
  const measured = `Measured ${new Date().toISOString().slice(0, 10)} on Node ${process.version.slice(1)}, ${cpus().length} cores.`;
  const before = text.slice(0, text.indexOf(start) + start.length);
  await writeFile(file, `${before}\n${measured}\n\n${table}\n${text.slice(text.indexOf(end))}`);
}
