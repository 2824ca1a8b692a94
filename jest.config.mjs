import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lowestVersions } from './jest.lowest-versions.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** What a run inside one workspace uses. */
const workspace = {
  // For machines that are busy, and tests that start browsers, bundlers and other processes. Longer than the time-outs
  // of what tests wait for, whose errors say more.
  testTimeout: 120_000,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': here('./jest.strip-types.mjs') },
  moduleNameMapper: { '^fast-check$': here('./jest.fast-check.mjs') },
  testEnvironmentOptions: { customExportConditions: ['@codex-otel/source', 'node', 'node-addons'] },
};

const folders = ['packages', 'examples', 'internal'].flatMap((group) =>
  readdirSync(here(`./${group}`), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(here(`./${group}/${entry.name}/test`)))
    .map((entry) => `${group}/${entry.name}`),
);

/** What a run at the root uses: every workspace as a project of one run, so that there is one summary. */
export const everything = {
  projects: [
    ...folders.map((folder) => ({ ...workspace, displayName: folder, rootDir: here(`./${folder}`) })),
    ...lowestVersions.map(({ folder, moduleNameMapper, ...project }) => ({
      ...workspace,
      ...project,
      rootDir: here(`./${folder}`),
      moduleNameMapper: { ...workspace.moduleNameMapper, ...moduleNameMapper },
    })),
  ],
  testTimeout: workspace.testTimeout,
  reporters: ['default', here('./jest.tally.mjs')],
  maxWorkers: 2,
};

export default process.cwd() === here('.').replace(/[\\/]$/, '') ? everything : workspace;
