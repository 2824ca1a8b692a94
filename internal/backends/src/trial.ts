import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Comparison } from './comparison.ts';
import { compared } from './comparison.ts';
import type { Values } from './dashboards/panel.ts';
import { rows } from './dashboards/panels.ts';
import type { Shown } from './queries.ts';
import { askBounds, askPanel } from './queries.ts';
import type { Scenario } from './scenarios.ts';
import { runSession } from './scenarios.ts';
import type { RunningSetup, Setup } from './setups.ts';
import { truthOf } from './truth.ts';

/** What a query of a panel gave after a scenario. */
export interface PanelResult extends Comparison {
  readonly panel: string;
  readonly legend: string;
  readonly scenario: string;
  readonly values: Values;
  readonly truth: Values;
}

/** In seconds. */
const STEP = 4;
const MODEL = 'gpt-5.1-codex';

/** Runs scenario after scenario in a set-up, and every query of its dashboard after each. */
export async function tryOut(
  setup: Setup,
  files: readonly string[],
  scenarios: readonly Scenario[],
): Promise<readonly PanelResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-backends-'));
  try {
    const running = await setup.start(files, folder);
    try {
      const results = [];
      for (const scenario of scenarios) results.push(...(await tryScenario(setup, running, scenario)));
      return results;
    } finally {
      await running.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tryScenario(setup: Setup, running: RunningSetup, scenario: Scenario): Promise<readonly PanelResult[]> {
  const start = await nextStep();
  const { endpoint } = running;
  const { otelConfig } = setup;
  const reports = await scenario.run(({ rounds = 1, losesLogs = false } = {}) =>
    runSession({ endpoint, signal: 'metrics', otelConfig, rounds, losesLogs }),
  );
  await running.settle();
  const shown: Shown = { start, end: await nextStep(), step: STEP };
  const truth = truthOf(reports, MODEL, await askBounds(running.queryUrl, shown));
  const results = [];
  const panels = rows.flatMap((row) => row.panels);
  for (const panel of panels.filter(({ title }) => scenario.panel === undefined || title === scenario.panel)) {
    for (const query of panel.queries) {
      const values = await askPanel(running.queryUrl, panel, query, setup.counting, shown);
      const wanted = query.truth(truth);
      const named = { panel: panel.title, legend: query.legend, scenario: scenario.title };
      results.push({ ...named, values, truth: wanted, ...compared(values, wanted) });
    }
  }
  return results;
}

/** Waits for the next time at which a step begins, as Grafana aligns them; in seconds. */
async function nextStep(): Promise<number> {
  const next = (Math.floor(Date.now() / 1000 / STEP) + 1) * STEP;
  await wait(next * 1000 - Date.now() + 1);
  return next;
}
