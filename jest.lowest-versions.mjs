// Suites that run a second time, on the lowest versions of OpenTelemetry that the packages' ranges name.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a workspace in `internal/` has of OpenTelemetry, for everything that a suite loads. */
function versionsOf(workspace) {
  const folder = new URL(`./internal/${workspace}/`, import.meta.url);
  const { devDependencies } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
  const names = Object.keys(devDependencies).flatMap((name) => /^@opentelemetry\/(.*)/.exec(name)?.[1] ?? []);
  const installed = fileURLToPath(new URL('node_modules/@opentelemetry', folder));
  return { [`^@opentelemetry/(${names.join('|')})$`]: `${installed}/$1` };
}

/** A package, the versions that it gets, and its suites; if none are named, all that are directly in `test`. */
export const lowestVersions = [
  { versions: 'api-1.9', folder: 'packages/trace-context' },
  { versions: 'api-1.9', folder: 'packages/token-usage' },
  { versions: 'api-1.9', folder: 'packages/config', suites: ['diagnostics'] },
  { versions: 'sdk-3.1.0', folder: 'packages/metrics' },
  { versions: 'sdk-3.1.0', folder: 'packages/session-telemetry', suites: ['events', 'session-telemetry'] },
  { versions: 'sdk-3.1.0', folder: 'packages/provider', suites: ['records/*', 'traces/*', 'logs/*'] },
].map(({ versions, folder, suites = ['*'] }) => ({
  folder,
  displayName: `${folder} with ${versions}`,
  moduleNameMapper: versionsOf(versions),
  testMatch: suites.map((suite) => `<rootDir>/test/${suite}.test.ts`),
  // Suites that check files, not OpenTelemetry.
  testPathIgnorePatterns: ['/(bundle-size|readme|public-api)\\.test\\.ts$'],
}));
