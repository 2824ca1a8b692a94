// `npm run reliability`: runs the experiments, or the one that is named, and writes what they measured into
// docs/reliability.md.
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { CrashOutcome } from './crash.ts';
import { runCrashes } from './crash.ts';
import { measureDelivery } from './delivery-table.ts';
import { measureExit } from './exit-table.ts';
import { measureFaults } from './fault-table.ts';
import { measureOutage } from './outage-table.ts';
import type { SoakOutcome } from './soak.ts';
import { runSoak } from './soak.ts';

/** What `npm run reliability` runs without a name. Longer runs must be named. */
const SOAK_MINUTES = 5;

interface Experiment {
  /** About how long it takes on an idle machine. */
  readonly minutes: number;
  run(): Promise<string>;
}

const [name, amount] = process.argv.slice(2);
const soakMinutes = amount === undefined ? SOAK_MINUTES : Number(amount);
const experiments: Readonly<Record<string, Experiment>> = {
  faults: { minutes: 3, run: measureFaults },
  delivery: { minutes: 3, run: measureDelivery },
  exit: { minutes: 4, run: measureExit },
  outage: { minutes: 4, run: measureOutage },
  crash: { minutes: 2, run: async () => listed(await runCrashes(200)) },
  soak: { minutes: soakMinutes, run: async () => listed(await runSoak(soakMinutes)) },
};

const rowNames: Readonly<Record<string, string>> = {
  kills: 'agents killed',
  acknowledged: 'records acknowledged before a kill',
  missing: 'acknowledged records that never arrived',
  repeated: 'records that arrived more than once',
  unmarked: 'records that arrived more than once, with different batch ids',
  left: 'files left in the spool',
  minutes: 'minutes',
  events: 'log records made',
  arrived: 'log records that arrived',
  lost: 'log records dropped, as the agent counts them',
  heapSlopeKibPerMinute: 'growth of the heap, KiB per minute',
  lowestHeapMiB: 'lowest heap, MiB',
  highestHeapMiB: 'highest heap, MiB',
  highestRssMiB: 'highest RSS, MiB',
} satisfies Record<keyof CrashOutcome | keyof SoakOutcome, string>;

function listed(outcome: object): string {
  const rows = Object.entries(outcome).map(([name, value]) => {
    const counted = Array.isArray(value) ? value.length : value;
    const shown = typeof counted === 'number' && !Number.isInteger(counted) ? counted.toFixed(1) : String(counted);
    return `| ${rowNames[name]} | ${shown} |`;
  });
  return ['| | |', '| --- | --- |', ...rows].join('\n');
}

const file = fileURLToPath(new URL('../../../docs/reliability.md', import.meta.url));
if (name !== undefined && !Object.hasOwn(experiments, name)) {
  fail(
    `unknown experiment '${name}', expected none, for all of them, or one of: ${Object.keys(experiments).join(', ')}`,
  );
}
if (amount !== undefined && (name !== 'soak' || !(soakMinutes > 0))) {
  fail(`only 'soak' takes a number, of minutes: npm run reliability -- soak 30`);
}
const asked = Object.entries(experiments).filter(([each]) => name === undefined || name === each);
const sum = asked.reduce((minutes, [, experiment]) => minutes + experiment.minutes, 0);
console.error(`${asked.map(([each]) => each).join(', ')}: about ${sum} minutes on an idle machine`);
for (const [each, experiment] of asked) {
  console.error(`▸ ${each}, about ${experiment.minutes} minutes`);
  const table = await experiment.run();
  console.log(table);
  await writeTable(each, table);
}
// Something that an experiment left open must not keep the command running.
process.exit(0);

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

async function writeTable(experiment: string, table: string): Promise<void> {
  const [start, end] = [`<!-- ${experiment} -->`, `<!-- end of ${experiment} -->`];
  const text = await readFile(file, 'utf8');
  if (!text.includes(start) || !text.includes(end))
    throw new Error(`docs/reliability.md has no place for '${experiment}'`);
  // Above the number of cores, times by the clock are those of a busy machine.
  const [load = 0] = loadavg().slice(2);
  const measured = `Measured ${new Date().toISOString().slice(0, 10)} on Node ${process.version.slice(1)}, ${cpus().length} cores, load average ${load.toFixed(1)}.`;
  const before = text.slice(0, text.indexOf(start) + start.length);
  await writeFile(file, `${before}\n${measured}\n\n${table}\n${text.slice(text.indexOf(end))}`);
}
