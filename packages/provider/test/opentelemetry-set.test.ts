import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

interface Installed {
  readonly version: string;
}

interface Lock {
  readonly importers: Readonly<
    Record<
      string,
      {
        readonly dependencies?: Readonly<Record<string, Installed>>;
        readonly optionalDependencies?: Readonly<Record<string, Installed>>;
      }
    >
  >;
  readonly snapshots: Readonly<
    Record<
      string,
      {
        readonly dependencies?: Readonly<Record<string, string>>;
        readonly optionalDependencies?: Readonly<Record<string, string>>;
      }
    >
  >;
}

/** The versions of every OpenTelemetry package that an install of the published packages brings. */
function installedVersions(lock: Lock): ReadonlyMap<string, ReadonlySet<string>> {
  const versions = new Map<string, Set<string>>();
  const seen = new Set<string>();
  const visit = (name: string, version: string): void => {
    const id = `${name}@${version}`;
    if (version.startsWith('link:') || seen.has(id)) return;
    seen.add(id);
    if (name.startsWith('@opentelemetry/')) {
      versions.set(name, (versions.get(name) ?? new Set()).add(version.replace(/\(.*/, '')));
    }
    const { dependencies, optionalDependencies } = lock.snapshots[id] ?? {};
    for (const entry of Object.entries({ ...dependencies, ...optionalDependencies })) visit(...entry);
  };
  for (const [folder, { dependencies, optionalDependencies }] of Object.entries(lock.importers)) {
    if (!folder.startsWith('packages/')) continue;
    for (const [name, { version }] of Object.entries({ ...dependencies, ...optionalDependencies }))
      visit(name, version);
  }
  return versions;
}

/** OpenTelemetry's packages pin each other exactly: one that does not fit brings a second copy of all of them. */
describe('the OpenTelemetry packages of an install', () => {
  const lock: Lock = parse(readFileSync(new URL('../../../pnpm-lock.yaml', import.meta.url), 'utf8'));
  const versions = installedVersions(lock);

  it('are there once each', () => {
    expect(versions.size).toBeGreaterThan(5);
    expect([...versions].filter(([, of]) => of.size !== 1)).toEqual([]);
  });

  it('are of one set', () => {
    const set = new Set(
      [...versions].flatMap(([name, of]) => (/^@opentelemetry\/(core|resources|sdk-)/.test(name) ? [...of] : [])),
    );
    expect([...set]).toEqual(['3.1.0']);
    const exporters = new Set([...versions].flatMap(([name, of]) => (/otlp/.test(name) ? [...of] : [])));
    expect([...exporters]).toEqual(['0.301.0']);
  });
});
