import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Logger } from '@stryker-mutator/api/logging';
import { createInstrumenter } from '@stryker-mutator/instrumenter';
import { createInjector } from 'typed-inject';
import type { Area } from './areas.ts';
import { filesOf } from './areas.ts';

/** One place in the sources, and the code that replaces it. */
export interface Mutant {
  /** The id that turns it on. */
  readonly id: string;
  readonly area: Area;
  /** Path from the root, with the line. */
  readonly place: string;
  readonly original: string;
  readonly replacement: string;
}

/** A copy of the repository that has every mutant in it; an environment variable turns one of them on. */
export interface MutatedCopy {
  readonly folder: string;
  readonly mutants: readonly Mutant[];
  remove(): Promise<void>;
}

/** The variable that turns a mutant on, by its id, in a process and in its children. */
export const ACTIVE_MUTANT = '__STRYKER_ACTIVE_MUTANT__';

/**
 * The variable with the file to which a process, and each of its children, adds the ids of the mutants that it
 * executed.
 */
export const REACHED_FILE = 'MUTATION_REACHED_FILE';

/** The call in mutated sources that gives the state of the mutants. */
const STATE = 'stryNS_9fa48()';

/** Stands at the end of each mutated source, for the programs that tests start; `write-reached.mjs` is for the tests. */
const recorder = `
{
  const file = globalThis.process?.env?.${REACHED_FILE};
  const state = ${STATE};
  if (file !== undefined && state.isRecorded !== true) {
    state.isRecorded = true;
    const { appendFileSync } = process.getBuiltinModule('node:fs');
    process.on('exit', () => appendFileSync(file, Object.keys(state.mutantCoverage?.static ?? {}).join('\\n') + '\\n'));
  }
}
`;

const silent = () => {};
const no = () => false;
const logger: Logger = {
  isTraceEnabled: no,
  isDebugEnabled: no,
  isInfoEnabled: no,
  isWarnEnabled: no,
  isErrorEnabled: no,
  isFatalEnabled: no,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
};

/** Copies the repository, with its links to what is installed, and puts the mutants into the copy. */
export async function makeMutatedCopy(root: string, areas: readonly Area[]): Promise<MutatedCopy> {
  const parent = await mkdtemp(path.join(tmpdir(), 'codex-otel-mutation-'));
  const folder = path.join(parent, 'repository');
  const modules = path.join(root, 'node_modules');
  const left = new Set([modules, path.join(root, '.git'), path.join(root, '.turbo')]);
  await cp(root, folder, { recursive: true, verbatimSymlinks: true, filter: (source) => !left.has(source) });
  await symlink(modules, path.join(folder, 'node_modules'));
  // Recordings that some suites read beside the repository.
  const shared = path.join(path.dirname(root), 'shared');
  if (existsSync(shared)) await symlink(shared, path.join(parent, 'shared'));
  const mutants = await mutate(folder, areas);
  return { folder, mutants, remove: () => rm(parent, { recursive: true }) };
}

async function mutate(folder: string, areas: readonly Area[]): Promise<readonly Mutant[]> {
  const files = await Promise.all(
    areas.flatMap((area) =>
      filesOf(area.sources, folder).map(async (name) => {
        const content = await readFile(path.join(folder, name), 'utf8');
        return { area, name, content, mutate: true };
      }),
    ),
  );
  const instrumenter = createInjector().provideValue('logger', logger).injectFunction(createInstrumenter);
  const options = { plugins: null, ignorers: [], excludedMutations: [] };
  const { files: mutated, mutants } = await instrumenter.instrument(files, options);
  await Promise.all(
    mutated.map(({ name, content }) =>
      writeFile(path.join(folder, name), content.includes(STATE) ? content + recorder : content),
    ),
  );
  const byName = new Map(files.map((file) => [file.name, file]));
  return mutants.flatMap(({ id, fileName, location: { start, end }, replacement }) => {
    const file = byName.get(fileName);
    if (file === undefined) return [];
    const at = offsets(file.content);
    const original = file.content.slice(at(start), at(end));
    return [{ id, area: file.area, place: `${fileName}:${start.line + 1}`, original, replacement }];
  });
}

/** The index in a text of a line and a column, both counted from 0. */
function offsets(text: string): (position: { readonly line: number; readonly column: number }) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return ({ line, column }) => (starts[line] ?? text.length) + column;
}
