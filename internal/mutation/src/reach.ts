import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Area } from './areas.ts';
import { filesOf } from './areas.ts';
import type { MutatedCopy } from './mutated-copy.ts';
import { inParallel } from './parallel.ts';
import { runTests } from './test-run.ts';

/** A test file, which mutants it executes, and how long it takes. */
export interface ReachingTest {
  /** From the root. */
  readonly file: string;
  readonly millis: number;
  /** Ids of mutants. */
  readonly reached: ReadonlySet<string>;
}

/** No test file takes as long. */
const LIMIT_MILLIS = 300_000;

/**
 * Runs each test file of the areas once, with no mutant on.
 *
 * @throws Error if one fails: it would count every mutant as killed
 */
export async function findReach(copy: MutatedCopy, areas: readonly Area[]): Promise<readonly ReachingTest[]> {
  const files = new Set(areas.flatMap((area) => filesOf(area.tests, copy.folder)));
  const tests: ReachingTest[] = [];
  await inParallel([...files], async (file) => {
    const reachedFile = path.join(copy.folder, `${file}.reached`);
    const startedAt = performance.now();
    const end = await runTests({ root: copy.folder, files: [file], timeoutMillis: LIMIT_MILLIS, reachedFile });
    if (end !== 'passed') throw new Error(`${file} ${end} without any mutant`);
    const ids = await readFile(reachedFile, 'utf8');
    tests.push({ file, millis: Math.ceil(performance.now() - startedAt), reached: new Set(ids.split('\n')) });
  });
  return tests.sort((a, b) => a.millis - b.millis);
}
