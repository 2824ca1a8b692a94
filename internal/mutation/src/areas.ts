import { globSync } from 'node:fs';

/** Sources that are broken, and the tests that should notice. */
export interface Area {
  readonly name: string;
  /** Folder of the package, from the root. */
  readonly folder: string;
  /** Globs in that folder. */
  readonly sources: readonly string[];
  /** Patterns of the test files, as jest takes them. */
  readonly tests: readonly string[];
}

const turn = 'packages/session-telemetry';

/** The areas in which a mistake loses telemetry without anybody noticing. */
export const areas: readonly Area[] = [
  { name: 'outlet', folder: 'packages/provider', sources: ['src/outlet/*.ts'], tests: ['test/outlet'] },
  { name: 'spool', folder: 'packages/provider', sources: ['src/spool/*.ts'], tests: ['test/spool'] },
  {
    name: 'streams',
    folder: turn,
    sources: ['src/turn/*{stream,response,event,message,request,receiving}*.ts'],
    tests: ['test/turn/'],
  },
  { name: 'readers', folder: turn, sources: ['src/turn/readers/*.ts'], tests: ['test/turn/'] },
  {
    name: 'config',
    folder: 'packages/config',
    sources: ['src/*.ts'],
    // Without the tests of types, texts and examples.
    tests: ['test/(?!exporter-kinds|readme|public-api)[\\w-]+(?:\\.property)?\\.test'],
  },
];

/** The source files of an area, from the root. */
export function sourcesOf({ folder, sources }: Area, root: string): readonly string[] {
  return globSync(
    sources.map((glob) => `${folder}/${glob}`),
    { cwd: root },
  ).sort();
}
