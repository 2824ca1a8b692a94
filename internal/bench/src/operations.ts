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
  /** With Node's own heap, as users have it. */
  readonly nanos: Summary;
  /** With a young generation of 256 MiB, in which the budgets were set. */
  readonly largeHeapNanos: Summary;
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
 * The young generation is so large that no collection happens in the middle of a slice, so that bytes can be counted. Time
 * is measured in it too, since the budgets were set so: hardly anything is collected, but each page of garbage is used for
 * the first time, which costs more the more is allocated.
 */
const largeHeap = ['--expose-gc', '--max-semi-space-size=256', '--min-semi-space-size=256'];

/**
 * Time and bytes of one call, each case in processes of its own, started one after another in random order:
 * no case sees what another did to the optimiser or to the heap.
 */
export async function measureOperations<Name extends string>(
  options: OperationsOptions<Name>,
): Promise<ReadonlyMap<Name, OperationCost>> {
  const samples = await measureCases(options, ['nanos', 'largeHeapNanos', 'bytes']);
  const cost = (figure: Figure, name: Name) => summarize(samples[figure].get(name) ?? []);
  return new Map(
    options.names.map((name) => [
      name,
      {
        nanos: cost('nanos', name),
        largeHeapNanos: cost('largeHeapNanos', name),
        bytes: cost('bytes', name),
      },
    ]),
  );
}

/** {@link measureOperations} for {@link OperationCost.largeHeapNanos} alone. */
export async function measureTimes<Name extends string>(
  options: OperationsOptions<Name>,
): Promise<ReadonlyMap<Name, Summary>> {
  const { largeHeapNanos } = await measureCases(options, ['largeHeapNanos']);
  return new Map(options.names.map((name) => [name, summarize(largeHeapNanos.get(name) ?? [])]));
}

/** What the tables of operations say of their columns of time. */
export const heapsInWords =
  'Time is measured with Node’s own heap, and in a young generation of 256 MiB, in which the budgets were set.';

type Figure = keyof OperationCost;

/** Bytes hardly differ from process to process. */
const byteProcesses = 2;

async function measureCases<Name extends string>(
  options: OperationsOptions<Name>,
  figures: readonly Figure[],
): Promise<{ readonly [figure in Figure]: ReadonlyMap<Name, readonly number[]> }> {
  const samples = {
    nanos: new Map<Name, number[]>(),
    largeHeapNanos: new Map<Name, number[]>(),
    bytes: new Map<Name, number[]>(),
  };
  for (let round = 0; round < (options.processes ?? 5); round += 1) {
    for (const name of shuffled(options.names)) {
      for (const figure of figures) {
        if (figure === 'bytes' && round >= byteProcesses) continue;
        const answer = await runChildProcess({
          file: new URL('./operation-child.ts', import.meta.url),
          args: [
            options.module.href,
            name,
            figure === 'bytes' ? 'bytes' : 'nanos',
            options.quick === true ? 'quick' : 'long',
          ],
          nodeArgs: figure === 'nanos' ? [] : largeHeap,
        });
        if (typeof answer !== 'number') throw new Error(`the process of case '${name}' did not print its measurement`);
        samples[figure].set(name, [...(samples[figure].get(name) ?? []), answer]);
      }
    }
  }
  return samples;
}
