import { describe } from '@jest/globals';

/**
 * A suite for something that a machine may lack (a browser, the recordings). If the condition is not met, the whole
 * suite is reported as skipped, under its name. Nothing else is ever skipped.
 */
export function describeIfPresent(name: string, condition: boolean, suite: () => void): void {
  if (condition) describe(name, suite);
  else describe.skip(name, suite);
}
