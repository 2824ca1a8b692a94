import { writeSync } from 'node:fs';

/** The last line of a run, after jest's own summary, for readers of only that line: `N passed, N failed`. */
export default class Tally {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
    process.once('exit', () => writeSync(1, `${numPassedTests} passed, ${failed} failed${skipped}\n`));
  }
}
