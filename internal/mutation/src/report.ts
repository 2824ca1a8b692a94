import { areas } from './areas.ts';
import type { Mutant } from './mutated-copy.ts';
import type { Verdict } from './trial.ts';

/** One mutant, and the result of its tests. */
export interface Trial {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
}

/** The page about a sample: the score of each area, and the mutants that no test noticed. */
export function report(trials: readonly Trial[], { seed, total }: { seed: number; total: number }): string {
  const rows = areas.flatMap(({ name }) => {
    const own = trials.filter(({ mutant }) => mutant.area.name === name);
    return own.length === 0 ? [] : [row(name, own)];
  });
  const survivors = trials.filter(({ verdict }) => verdict === 'survived').map(({ mutant }) => mutant);
  return `# Mutants

\`npm run mutation\` breaks the sources in ${trials.length} of ${total} places, chosen by the seed ${seed}, one at a time, and runs
those tests of the area that execute it. A mutant is killed when a test fails or never ends.

| area | mutants | killed | timed out | survived | score |
| --- | --- | --- | --- | --- | --- |
${[...rows, row('all', trials)].join('\n')}

## Survivors

${survivors
  .map(({ place, original, replacement }) => `- ${place}: ${code(original)} → ${code(replacement)}`)
  .sort()
  .join('\n')}
`;
}

function row(name: string, trials: readonly Trial[]): string {
  const count = (wanted: Verdict) => trials.filter(({ verdict }) => verdict === wanted).length;
  const survived = count('survived');
  const score = Math.round((100 * (trials.length - survived)) / trials.length);
  return `| ${name} | ${trials.length} | ${count('killed')} | ${count('timed out')} | ${survived} | ${score} % |`;
}

/** A piece of code, on one line and short. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return `\`\` ${line.length > 80 ? `${line.slice(0, 79)}…` : line} \`\``;
}
