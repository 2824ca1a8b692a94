import { describeIfPresent } from '@codex-otel/testing';
import { expect, it } from '@jest/globals';
import { findProgram } from '../src/programs/program.ts';
import { scenarios } from '../src/scenarios.ts';
import { setups } from '../src/setups.ts';
import { tryOut } from '../src/trial.ts';

// The short form of `npm run backends`: the hardest scenario, and a loss, in one set-up of each dashboard.
const short = scenarios.filter(({ title, panel }) => title === '3 side by side' || panel !== undefined);
const tried = ['delta', 'cumulative'].flatMap((counting) => setups.find((setup) => setup.counting === counting) ?? []);

for (const setup of tried) {
  const files = setup.programs.flatMap((program) => findProgram(program) ?? []);
  describeIfPresent(`values in a real engine: ${setup.title}`, files.length === setup.programs.length, () => {
    it('are within 1 % of the counts of three parallel sessions', async () => {
      const results = await tryOut(setup, files, short);
      expect(results.filter(({ isEmpty }) => !isEmpty).length).toBeGreaterThan(25);
      expect(results.filter(({ deviation }) => deviation > 0.01)).toEqual([]);
      const lost = results.filter(({ panel, isEmpty }) => panel === 'Telemetry lost by signal' && !isEmpty);
      expect(lost.map(({ truth }) => [...truth.keys()])).toEqual([['logs']]);
    });
  });
}
