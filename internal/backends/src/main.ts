// `npm run backends`: whether the dashboards show true numbers, into docs/backends.md.
// `npm run backends -- dashboards`: writes the dashboards.
// `npm run backends -- volume`: how much telemetry a turn makes, into docs/volume.md.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Counting } from './dashboards/counting.ts';
import { grafanaDashboard } from './dashboards/grafana.ts';
import { writeMeasured } from './measured.ts';
import { obtainProgram } from './programs/program.ts';
import { resultTables } from './result-tables.ts';
import { scenarios } from './scenarios.ts';
import { setups } from './setups.ts';
import { type PanelResult, tryOut } from './trial.ts';
import { measureVolume } from './volume.ts';

/** Set-ups side by side; most of their time is idle. */
const AT_A_TIME = 4;

const [command = 'all'] = process.argv.slice(2);
switch (command) {
  case 'all':
    process.exitCode = await measure();
    break;
  case 'dashboards':
    await writeDashboards();
    break;
  case 'volume':
    await writeVolume();
    break;
  default:
    console.error(`unknown command '${command}', expected dashboards, volume or nothing`);
    process.exitCode = 2;
}

async function measure(): Promise<number> {
  const say = (line: string): void => console.error(line);
  const files = new Map<string, string | undefined>();
  for (const program of new Set(setups.flatMap((setup) => setup.programs))) {
    files.set(program.name, await obtainProgram(program, say));
  }
  const results = new Map<string, readonly PanelResult[] | undefined>();
  const waiting = [...setups];
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      for (let setup = waiting.shift(); setup !== undefined; setup = waiting.shift()) {
        const own = setup.programs.flatMap(({ name }) => files.get(name) ?? []);
        if (own.length < setup.programs.length) {
          say(`skipped: ${setup.title}`);
          results.set(setup.title, undefined);
          continue;
        }
        say(`running: ${setup.title}`);
        results.set(setup.title, await tryOut(setup, own, scenarios));
      }
    }),
  );
  const ordered = setups.map(({ title }) => ({ title, results: results.get(title) }));
  const { text, isRight } = resultTables(ordered);
  console.log(text);
  if ([...results.values()].some((result) => result !== undefined)) await writeMeasured('backends.md', 'values', text);
  return isRight ? 0 : 1;
}

async function writeDashboards(): Promise<void> {
  for (const counting of ['delta', 'cumulative'] satisfies readonly Counting[]) {
    const file = fileURLToPath(new URL(`../../../dashboards/grafana-codex-${counting}.json`, import.meta.url));
    await writeFile(file, `${JSON.stringify(grafanaDashboard(counting), undefined, 2)}\n`);
    console.log(file);
  }
}

async function writeVolume(): Promise<void> {
  const text = await measureVolume();
  console.log(text);
  await writeMeasured('volume.md', 'volume', text);
}
