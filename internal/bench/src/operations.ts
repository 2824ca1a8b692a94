import { runChildProcess } from './child-process.ts';
import { shuffled } from './rounds.ts';
import type { Summary } from './statistics.ts';
import { summarize } from './statistics.ts';

/**
 * A case of a hot path: makes what it needs, and gives the one operation that is timed. `index` counts up
 * from zero, so that inputs can alternate. Named in the record `cases` of a module that
 * {@link measureOperations} is pointed to.
 */
export type OperationCase = () => Operation | Promise<Operation>;

/** The operation, alone or with a clean-up between the timed slices (emptying a queue, collecting). */
export type Operation = ((index: number) => void) | { run(index: number): void; between(): void | Promise<void> };

/** What one operation costs. */
export interface OperationCost {
  readonly nanos: Summary;
  readonly bytes: Summary;
}

/** Options of {@link measureOperations}. */
export interface OperationsOptions<Name extends string> {
  /** A module that exports `cases`, a record of {@link OperationCase}. */
  readonly module: URL;
  readonly names: readonly Name[];
  /** Processes for each case. @defaultValue `5` */
  readonly processes?: number | undefined;
  /** The fastest of a few short slices after a shorter warm-up, instead of the median. @defaultValue `false` */
  readonly quick?: boolean | undefined;
}

/**
 * For counting bytes: the young generation is so large that no collection happens in the middle of a slice. Time is
 * measured with Node's own heap, as users have it: in a large one, the first use of each page would cost more than the
 * operation that used it.
 */
const largeHeap = ['--expose-gc', '--max-semi-space-size=256', '--min-semi-space-size=256'];

/**
 * Time and bytes of one call, each case in processes of its own, started one after another in random order:
 * no case sees what another did to the optimiser or to the heap.
 */
export async function measureOperations<Name extends string>(
  options: OperationsOptions<Name>,
): Promise<ReadonlyMap<Name, OperationCost>> {
  const { nanos, bytes } = await measureCases(options, ['nanos', 'bytes']);
  return new Map(
    options.names.map((name) => [
      name,
      { nanos: summarize(nanos.get(name) ?? []), bytes: summarize(bytes.get(name) ?? []) },
    ]),
  );
}

/** {@link measureOperations} for the time alone. */
export async function measureTimes<Name extends string>(
  options: OperationsOptions<Name>,
): Promise<ReadonlyMap<Name, Summary>> {
  const { nanos } = await measureCases(options, ['nanos']);
  return new Map(options.names.map((name) => [name, summarize(nanos.get(name) ?? [])]));
}

/** Bytes hardly differ from process to process. */
const byteProcesses = 2;

async function measureCases<Name extends string>(
  options: OperationsOptions<Name>,
  figures: readonly ('nanos' | 'bytes')[],
): Promise<{ readonly [figure in 'nanos' | 'bytes']: ReadonlyMap<Name, readonly number[]> }> {
  const samples = { nanos: new Map<Name, number[]>(), bytes: new Map<Name, number[]>() };
  for (let round = 0; round < (options.processes ?? 5); round += 1) {
    for (const name of shuffled(options.names)) {
      for (const figure of figures) {
        if (figure === 'bytes' && round >= byteProcesses) continue;
        const answer = await runChildProcess({
          file: new URL('./operation-child.ts', import.meta.url),
          args: [options.module.href, name, figure, options.quick === true ? 'quick' : 'long'],
          nodeArgs: figure === 'bytes' ? largeHeap : [],
        });
        if (typeof answer !== 'number') throw new Error(`the process of case '${name}' did not print its measurement`);
        samples[figure].set(name, [...(samples[figure].get(name) ?? []), answer]);
      }
    }
  }
  return samples;
}
