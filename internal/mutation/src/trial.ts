import type { Mutant, MutatedCopy } from './mutated-copy.ts';
import type { ReachingTest } from './reach.ts';
import { runTests, workspaceOf } from './test-run.ts';

/** The result of the tests for a mutant. */
export type Verdict = 'killed' | 'timed out' | 'survived';

/** Within this, a test that waits in vain for what a mutant prevents gives up. */
const PATIENCE_MILLIS = 30_000;

/** Runs the tests that execute a mutant, the fast ones first, until one of them fails. */
export async function tryMutant(copy: MutatedCopy, mutant: Mutant, tests: readonly ReachingTest[]): Promise<Verdict> {
  const reaching = tests.filter(({ reached }) => reached.has(mutant.id));
  for (const workspace of new Set(reaching.map(({ file }) => workspaceOf(file)))) {
    const own = reaching.filter(({ file }) => workspaceOf(file) === workspace);
    const end = await runTests({
      root: copy.folder,
      files: own.map(({ file }) => file),
      timeoutMillis: 3 * own.reduce((sum, { millis }) => sum + millis, 0) + PATIENCE_MILLIS,
      mutant: mutant.id,
    });
    if (end !== 'passed') return end === 'failed' ? 'killed' : 'timed out';
  }
  return 'survived';
}
