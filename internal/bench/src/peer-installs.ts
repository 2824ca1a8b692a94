import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleProgram } from './bundled-program.ts';

/** A way to the same telemetry, with what it takes to install it. */
export interface Peer {
  readonly title: string;
  /** The program in `peers/` that sets it up. */
  readonly program: string;
  /** What npm installs, versions included; `workspace` stands for our own packed packages. */
  readonly install: readonly string[] | 'workspace';
}

const sdk = ['@opentelemetry/api@1.10.0', '@opentelemetry/sdk-node@0.301.0'];

/** Everything that is compared. */
export const peers: readonly Peer[] = [
  { title: 'codex-otel', program: 'codex-otel', install: 'workspace' },
  {
    title: 'OpenTelemetry by hand',
    program: 'by-hand',
    install: [
      '@opentelemetry/api@1.10.0',
      '@opentelemetry/context-async-hooks@3.1.0',
      '@opentelemetry/resources@3.1.0',
      '@opentelemetry/sdk-logs@3.1.0',
      '@opentelemetry/sdk-metrics@3.1.0',
      '@opentelemetry/sdk-trace@3.1.0',
      '@opentelemetry/exporter-logs-otlp-proto@0.301.0',
      '@opentelemetry/exporter-metrics-otlp-proto@0.301.0',
      '@opentelemetry/exporter-trace-otlp-proto@0.301.0',
    ],
  },
  { title: 'NodeSDK', program: 'node-sdk', install: sdk },
  { title: '@vercel/otel', program: 'vercel', install: ['@vercel/otel@2.1.3'] },
  {
    title: '@langfuse/otel',
    program: 'langfuse',
    // They want OpenTelemetry's SDK 2 with its API before 1.10, which npm does not find by itself.
    install: [
      '@langfuse/otel@5.11.1',
      '@langfuse/tracing@5.11.1',
      '@opentelemetry/api@1.9.1',
      '@opentelemetry/exporter-trace-otlp-http@0.223.1',
      '@opentelemetry/sdk-node@0.223.0',
    ],
  },
  { title: '@traceloop/node-server-sdk', program: 'traceloop', install: ['@traceloop/node-server-sdk@0.27.0'] },
  { title: '@sentry/node', program: 'sentry', install: ['@sentry/node@11.12.0'] },
  {
    title: 'logfire',
    program: 'logfire',
    install: [
      'logfire@0.22.9',
      '@pydantic/logfire-node@0.18.25',
      '@opentelemetry/api@1.9.1',
      '@opentelemetry/auto-instrumentations-node@0.81.2',
    ],
  },
  {
    title: '@ai-sdk/otel',
    program: 'ai-sdk',
    install: [
      '@ai-sdk/otel@1.0.173',
      'ai@7.0.173',
      '@opentelemetry/sdk-trace-node@2',
      '@opentelemetry/exporter-trace-otlp-proto@0.214.0',
    ],
  },
];

/** A peer on the disk, ready to run. */
export interface InstalledPeer {
  readonly program: string;
  /** `undefined` if it cannot be bundled. */
  readonly bundled: string | undefined;
  readonly installMiB: number;
}

const sources = fileURLToPath(new URL('./peers/', import.meta.url));
const packages = fileURLToPath(new URL('../../../packages/', import.meta.url));

/** Where the peers are installed: outside of the repository, whose packages would stand in for what they lack. */
export const peersFolder: string = path.join(tmpdir(), 'codex-otel-bench-peers');

/**
 * Installs a peer into a folder of its own, unless it is there already, and bundles its program.
 *
 * @throws what npm says when it does not install.
 */
export async function installPeer(peer: Peer): Promise<InstalledPeer> {
  const folder = path.join(peersFolder, peer.program);
  const specs = peer.install === 'workspace' ? packWorkspace(path.join(folder, 'packed')) : peer.install;
  const stamp = path.join(folder, 'installed.json');
  const wanted = JSON.stringify(specs);
  if (peer.install === 'workspace' || readIfThere(stamp) !== wanted) {
    rmSync(path.join(folder, 'node_modules'), { recursive: true, force: true });
    rmSync(path.join(folder, 'package-lock.json'), { force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    execFileSync(npm, ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error', ...specs], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    });
    writeFileSync(stamp, wanted);
  }
  for (const file of ['program.mjs', 'count-files.mjs', 'api.mjs'])
    copyFileSync(path.join(sources, file), path.join(folder, file));
  copyFileSync(path.join(sources, `${peer.program}.mjs`), path.join(folder, 'peer.mjs'));
  const installMiB = bytesIn(path.join(folder, 'node_modules')) / 2 ** 20;
  return { program: path.join(folder, 'program.mjs'), bundled: await bundle(folder), installMiB };
}

/** Our packages as npm would get them. */
function packWorkspace(folder: string): readonly string[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(packages)) {
    execFileSync('pnpm', ['pack', '--pack-destination', folder], { cwd: path.join(packages, name), stdio: 'pipe' });
  }
  return [...readdirSync(folder).map((file) => path.join(folder, file)), '@opentelemetry/api@1.10.0'];
}

async function bundle(folder: string): Promise<string | undefined> {
  const outdir = path.join(folder, 'bundle');
  rmSync(outdir, { recursive: true, force: true });
  try {
    await bundleProgram(path.join(folder, 'program.mjs'), outdir);
    return path.join(outdir, 'program.mjs');
  } catch {
    return undefined;
  }
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
