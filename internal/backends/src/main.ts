// `npm run backends`: whether the dashboards show true numbers, into docs/backends.md.
// `npm run backends -- dashboards`: writes the dashboards.
// `npm run backends -- fleet`: what a core of the fleet's Collector takes, into deploy/README.md.
// `npm run backends -- gen-ai`: what Phoenix and MLflow show with the GenAI conventions, into docs/gen-ai.md.
// `npm run backends -- quickstart`: from a fresh clone to a trace of an agent in Jaeger, by the README's own steps.
// `npm run backends -- volume`: how much telemetry a turn makes, into docs/volume.md.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Counting } from './dashboards/counting.ts';
import { grafanaDashboard } from './dashboards/grafana.ts';
import { FLEET_CONFIGS, validateConfig } from './fleet.ts';
import { measureFleet } from './fleet-load.ts';
import { genAiTable } from './gen-ai/gen-ai-table.ts';
import { tryGenAi } from './gen-ai/gen-ai-trial.ts';
import { mlflow } from './gen-ai/mlflow.ts';
import { phoenix } from './gen-ai/phoenix.ts';
import { writeMeasured } from './measured.ts';
import { obtainProgram, programs } from './programs/program.ts';
import { runQuickstart } from './quickstart.ts';
import { resultTables } from './result-tables.ts';
import { scenarios } from './scenarios.ts';
import { setups } from './setups.ts';
import type { PanelResult } from './trial.ts';
import { tryOut } from './trial.ts';
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
  case 'fleet':
    process.exitCode = await writeFleet();
    break;
  case 'gen-ai':
    process.exitCode = await writeGenAi();
    break;
  case 'quickstart':
    process.exitCode = await quickstart();
    break;
  default:
    console.error(`unknown command '${command}', expected dashboards, volume, fleet, gen-ai, quickstart or nothing`);
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
  if ([...results.values()].some((result) => result !== undefined))
    await writeMeasured('docs/backends.md', 'values', text);
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
  await writeMeasured('docs/volume.md', 'volume', text);
}

async function writeFleet(): Promise<number> {
  const collector = await obtainProgram(programs.fleetCollector, console.error);
  if (collector === undefined) return 1;
  const front = await obtainProgram(programs.frontCollector, console.error);
  for (const [name, kind] of FLEET_CONFIGS) {
    const program = kind === 'frontCollector' ? front : collector;
    if (program !== undefined) await validateConfig(program, name);
    console.log(`${name} ${program === undefined ? 'was not validated: its Collector is missing' : 'is valid'}`);
  }
  const text = await measureFleet(collector);
  console.log(text);
  await writeMeasured('deploy/README.md', 'fleet', text);
  return 0;
}

async function writeGenAi(): Promise<number> {
  const backEnds = [];
  for (const backEnd of [phoenix, mlflow]) {
    const { title } = backEnd.program;
    const file = await obtainProgram(backEnd.program, console.error);
    console.error(file === undefined ? `skipped: ${title}` : `running: ${title}`);
    backEnds.push({ title, results: file === undefined ? undefined : await tryGenAi(backEnd, file) });
  }
  const text = genAiTable(backEnds);
  console.log(text);
  const ran = backEnds.flatMap(({ results = [] }) => results);
  if (ran.length > 0) await writeMeasured('docs/gen-ai.md', 'shown', text);
  return ran.every(({ wrong }) => wrong.length === 0) ? 0 : 1;
}

async function quickstart(): Promise<number> {
  const jaeger = await obtainProgram(programs.jaeger, console.error);
  if (jaeger === undefined) return 1;
  const traceId = await runQuickstart(jaeger, console.error);
  console.log(`Jaeger shows the turn: trace ${traceId}`);
  return 0;
}
