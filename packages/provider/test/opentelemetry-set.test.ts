import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

type Installed = Readonly<Record<string, { readonly version: string }>>;

interface Lock {
  readonly importers: Readonly<Record<string, { readonly dependencies?: Installed }>>;
  readonly snapshots: Readonly<Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>>;
}

const root = new URL('../../../', import.meta.url);
const lock: Lock = parse(readFileSync(new URL('pnpm-lock.yaml', root), 'utf8'));

/** What an install of published packages brings, themselves included; peers are the host's. */
function installed(...folders: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string, version: string): void => {
    if (found.has(name)) return;
    found.add(name);
    if (version.startsWith('link:')) visitFolder(`packages/${name.replace('@codex-otel/', '')}`);
    for (const entry of Object.entries(lock.snapshots[`${name}@${version}`]?.dependencies ?? {})) visit(...entry);
  };
  const visitFolder = (folder: string): void => {
    for (const [name, { version }] of Object.entries(lock.importers[folder]?.dependencies ?? {})) visit(name, version);
  };
  for (const folder of folders) visit(`@codex-otel/${folder}`, 'link:');
  return [...found].filter((name) => name !== '@opentelemetry/api').sort();
}

/** OpenTelemetry's SDK packages pin each other and bring 10 MB of semantic conventions: what is used of them is built in. */
describe('an install', () => {
  it('of session-telemetry brings no package of the SDK', () => {
    expect(installed('session-telemetry')).toEqual([
      '@codex-otel/config',
      '@codex-otel/metrics',
      '@codex-otel/session-telemetry',
      '@codex-otel/token-usage',
      '@codex-otel/trace-context',
      'eventsource-parser',
    ]);
  });

  it('of all packages also brings the context manager, and nothing else of OpenTelemetry', () => {
    expect(installed('provider', 'session-telemetry')).toEqual([
      '@codex-otel/config',
      '@codex-otel/metrics',
      '@codex-otel/provider',
      '@codex-otel/session-telemetry',
      '@codex-otel/token-usage',
      '@codex-otel/trace-context',
      '@opentelemetry/context-async-hooks',
      'eventsource-parser',
    ]);
  });
});
