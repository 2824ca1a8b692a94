import { runChildProcess } from './child-process.ts';
import { shuffled } from './rounds.ts';
import type { Summary } from './statistics.ts';
import { summarize } from './statistics.ts';

/**
 * A case of a hot path: makes what it needs, and gives the one operation that is timed. `index` counts up
 * from zero, so that inputs can take turns. Named in the record `cases` of a module that
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
}

/**
 * Time and bytes of one call, each case in processes of its own, started one after another in random order:
 * no case sees what another did to the optimiser or to the heap.
 */
export async function measureOperations<Name extends string>(
  options: OperationsOptions<Name>,
): Promise<ReadonlyMap<Name, OperationCost>> {
  const nanos = new Map<Name, number[]>(options.names.map((name) => [name, []]));
  const bytes = new Map<Name, number[]>(options.names.map((name) => [name, []]));
  for (let round = 0; round < (options.processes ?? 5); round += 1) {
    for (const name of shuffled(options.names)) {
      const answer = await runChildProcess({
        file: new URL('./operation-child.ts', import.meta.url),
        args: [options.module.href, name],
        nodeArgs: ['--expose-gc', '--max-semi-space-size=256', '--min-semi-space-size=256'],
      });
      const [time, size] = readAnswer(answer, name);
      nanos.get(name)?.push(time);
      bytes.get(name)?.push(size);
    }
  }
  return new Map(
    options.names.map((name) => [
      name,
      { nanos: summarize(nanos.get(name) ?? []), bytes: summarize(bytes.get(name) ?? []) },
    ]),
  );
}

function readAnswer(answer: unknown, name: string): readonly [number, number] {
  if (typeof answer === 'object' && answer !== null && 'nanos' in answer && 'bytes' in answer) {
    const { nanos, bytes } = answer;
    if (typeof nanos === 'number' && typeof bytes === 'number') return [nanos, bytes];
  }
  throw new Error(`the process of case '${name}' did not print its measurement`);
}
