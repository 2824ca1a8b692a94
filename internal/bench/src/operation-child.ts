// The process that measures one case: `operation-child.ts <module> <case> nanos|bytes quick|long`; started by operations.ts.

import { cpuMillis } from './cpu-clock.ts';
import type { Operation, OperationCase } from './operations.ts';
import { summarize } from './statistics.ts';

/** So few that the garbage of one slice fits into the young generation, and no collection hides bytes. */
const allocationOperations = 2000;

const [, , moduleHref = '', caseName = '', what, length] = process.argv;
const [warmupMillis, slices, sliceMillis] = length === 'quick' ? [150, 6, 15] : [250, 7, 50];
const module: { readonly cases?: Readonly<Record<string, OperationCase>> } = await import(moduleHref);
const make = module.cases?.[caseName];
if (make === undefined) throw new Error(`${moduleHref} has no case '${caseName}'`);
const operation: Operation = await make();
const run = typeof operation === 'function' ? operation : (index: number) => operation.run(index);
const between = typeof operation === 'function' ? () => {} : () => operation.between();

/** What operations keep until the clean-up is no more than a batch processor keeps, so that collections copy no more. */
const largestBatch = typeof operation === 'function' ? Number.POSITIVE_INFINITY : 2048;

let index = 0;
let batch = 16;
// Also in CPU time: on a busy machine, a quarter of a second is too little for the optimiser.
for (let warm = 0; warm < warmupMillis; ) {
  const perMilli = timedBatch(batch);
  warm += batch / perMilli;
  batch = Math.min(largestBatch, Math.max(16, Math.round((sliceMillis / 4) * perMilli)));
  await between();
}

console.log(what === 'bytes' ? await bytes() : await nanos());
process.exit(0);

async function nanos(): Promise<number> {
  const times: number[] = [];
  for (let slice = 0; slice < slices; slice += 1) {
    let operations = 0;
    let elapsed = 0;
    while (elapsed < sliceMillis) {
      const perMilli = timedBatch(batch);
      elapsed += batch / perMilli;
      operations += batch;
      await between();
    }
    times.push((elapsed * 1e6) / operations);
  }
  // What else a machine does only adds time, and a few slices are too few for their median to be free of it.
  const { min, median } = summarize(times);
  return length === 'quick' ? min : median;
}

async function bytes(): Promise<number> {
  const sizes: number[] = [];
  for (let slice = 0; slice < slices; slice += 1) {
    await between();
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let count = 0; count < allocationOperations; count += 1) run(index++);
    sizes.push((process.memoryUsage().heapUsed - before) / allocationOperations);
  }
  return Math.max(0, summarize(sizes).median);
}

/** Runs a batch and answers how many operations it did a millisecond. */
function timedBatch(size: number): number {
  const started = cpuMillis();
  for (let count = 0; count < size; count += 1) run(index++);
  return size / Math.max(cpuMillis() - started, 1e-3);
}
