import path from 'node:path';

const order = (process.env.TEST_ORDER ?? '').split(path.delimiter);

/** Lets jest run its test files in the order of `TEST_ORDER`, not by size or by what failed before. */
export default class GivenOrder {
  sort(tests) {
    return [...tests].sort((a, b) => order.indexOf(a.path) - order.indexOf(b.path));
  }

  cacheResults() {}
}
