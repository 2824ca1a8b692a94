// Breaks the sources in a sample of places, one after the other, and writes which of them the tests did not notice:
// `npm run mutation`, `-- --count 20`, `-- --seed 7`, `-- --area spool`.
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { areas } from './areas.ts';
import type { Mutant } from './mutated-copy.ts';
import { makeMutatedCopy } from './mutated-copy.ts';
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
  await checkTests();
  const perArea = Math.ceil(count / chosen.length);
  const mutants = chosen.flatMap((area) =>
    sample(
      copy.mutants.filter((mutant) => mutant.area === area),
      perArea,
      seed,
    ),
  );
  const trials = await tryAll(mutants);
  const text = report(trials, { seed, total: copy.mutants.length });
  console.log(text);
  // The page is only written for the whole sample.
  if (Object.keys(values).length === 0) await writeFile(path.join(root, 'docs/mutation.md'), text);
} finally {
  await copy.remove();
}

/** A test that fails without a mutant would count every mutant as killed. */
async function checkTests(): Promise<void> {
  for (const area of chosen) {
    const verdict = await tryMutant(copy.folder, area);
    if (verdict !== 'survived') throw new Error(`the tests of ${area.name} fail without any mutant`);
  }
}

async function tryAll(mutants: readonly Mutant[]): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  const waiting = mutants.values();
  const work = async (): Promise<void> => {
    for (const mutant of waiting) {
      const verdict = await tryMutant(copy.folder, mutant.area, mutant);
      trials.push({ mutant, verdict });
      console.error(`${trials.length} of ${mutants.length}: ${verdict}, ${mutant.place}`);
      if (verdict === 'survived') console.error(`    ${code(mutant.original)} → ${code(mutant.replacement)}`);
    }
  };
  // The tests of the spool mostly wait.
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, work));
  return trials;
}

function numberOf(name: 'count' | 'seed', otherwise: number): number {
  const given = Number(values[name] ?? otherwise);
  if (Number.isSafeInteger(given) && given >= 1) return given;
  console.error(`--${name} must be a whole number from 1 on, not '${values[name]}'`);
  process.exit(2);
}
