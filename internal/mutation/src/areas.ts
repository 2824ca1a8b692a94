import { globSync } from 'node:fs';

/** Sources that are broken, and the tests that should notice. */
export interface Area {
  readonly name: string;
  /** Globs of the sources, from the root. */
  readonly sources: readonly string[];
  /** Globs of the test files, from the root. */
  readonly tests: readonly string[];
}

const turn = 'packages/session-telemetry/src/turn';
const turnTests = 'packages/session-telemetry/test/turn/**/*.test.ts';

/** The areas in which a mistake loses telemetry without anybody noticing. */
export const areas: readonly Area[] = [
  {
    name: 'outlet',
    sources: ['packages/provider/src/outlet/*.ts'],
    tests: ['packages/provider/test/outlet/*.test.ts'],
  },
  {
    name: 'spool',
    sources: ['packages/provider/src/spool/*.ts'],
    tests: ['packages/provider/test/spool/*.test.ts'],
  },
  {
    name: 'streams',
    sources: [`${turn}/*{stream,response,event,message,request,receiving}*.ts`],
    tests: [turnTests],
  },
  { name: 'readers', sources: [`${turn}/readers/*.ts`], tests: [turnTests] },
  {
    name: 'config',
    sources: ['packages/config/src/*.ts'],
    tests: [
      // Without the tests of types, texts and examples.
      'packages/config/test/!(exporter-kinds|readme|public-api).test.ts',
      'packages/provider/test/setup/settings-check.test.ts',
      'packages/provider/test/processes/closed-output.test.ts',
    ],
  },
];

/** The files of the globs, from the root. */
export function filesOf(globs: readonly string[], root: string): readonly string[] {
  return globSync([...globs], { cwd: root }).sort();
}
