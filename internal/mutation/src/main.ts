// Breaks the sources in a sample of places, one after the other, and writes which of them the tests did not notice:
// `npm run mutation`, `-- --count 20`, `-- --seed 7`, `-- --area spool`.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { areas } from './areas.ts';
import { makeMutatedCopy } from './mutated-copy.ts';
import { inParallel } from './parallel.ts';
import { findReach } from './reach.ts';
import type { Trial } from './report.ts';
import { code, report } from './report.ts';
import { sample } from './sample.ts';
import { tryMutant } from './trial.ts';

const root = path.resolve(fileURLToPath(new URL('../../../', import.meta.url)));
const { values } = parseArgs({
  options: { count: { type: 'string' }, seed: { type: 'string' }, area: { type: 'string' }, help: { type: 'boolean' } },
});
const count = numberOf('count', 200);
const seed = numberOf('seed', 1);
const chosen = areas.filter(({ name }) => values.area === undefined || values.area === name);
if (chosen.length === 0) {
  console.error(`--area must be one of ${areas.map(({ name }) => name).join(', ')}, not '${values.area}'`);
  process.exit(2);
}

const copy = await makeMutatedCopy(root, chosen);
try {
  const tests = await findReach(copy, chosen);
  const perArea = Math.ceil(count / chosen.length);
  const mutants = chosen.flatMap((area) =>
    sample(
      copy.mutants.filter((mutant) => mutant.area === area),
      perArea,
      seed,
    ),
  );
  const trials: Trial[] = [];
  await inParallel(mutants, async (mutant) => {
    const verdict = await tryMutant(copy, mutant, tests);
    trials.push({ mutant, verdict });
    console.error(`${trials.length} of ${mutants.length}: ${verdict}, ${mutant.place}`);
    if (verdict === 'survived') console.error(`    ${code(mutant.original)} → ${code(mutant.replacement)}`);
  });
  const text = report(trials, { seed, total: copy.mutants.length });
  console.log(text);
  // The page is only written for the whole sample.
  if (Object.keys(values).length === 0) await writeFile(path.join(root, 'docs/mutation.md'), text);
} finally {
  await copy.remove();
}

function numberOf(name: 'count' | 'seed', otherwise: number): number {
  const given = Number(values[name] ?? otherwise);
  if (Number.isSafeInteger(given) && given >= 1) return given;
  console.error(`--${name} must be a whole number of at least 1, not '${values[name]}'`);
  process.exit(2);
}
