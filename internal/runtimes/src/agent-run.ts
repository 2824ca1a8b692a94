import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { createTestCertificates } from '@codex-otel/testing/certificates';

/** Long enough for busy machines; normally everything arrives much earlier. */
const ARRIVAL_MILLIS = 60_000;
/** A process that hangs is a failure, and must not outlive its test. */
const LIMITS = { timeout: 100_000, killSignal: 'SIGKILL' } as const;

/** How an agent ends, each with the exit code or signal that its process ends with. */
export const endings = {
  shutdown: 0,
  'shutdown with 0 ms': 0,
  'process.exit': 3,
  'uncaught exception': 1,
  'unhandled rejection': 1,
  SIGTERM: 'SIGTERM',
  'empty event loop': 0,
  'process.exit, into the spool': 3,
  'Deno.exit': 3,
  "a worker's process.exit": 0,
  "a worker's empty loop": 0,
  "a worker's shutdown, then terminate": 0,
} as const;
/** How an agent ends. */
export type Ending = keyof typeof endings;

/** The protocols that an agent can use. */
export const protocols = ['http/protobuf', 'http/json', 'grpc'] as const;
/** A protocol that an agent can use. */
export type Protocol = (typeof protocols)[number];

/** An agent to run. */
export interface AgentRun {
  /** Program and arguments that start it. */
  readonly command: readonly string[];
  readonly protocol: Protocol;
  readonly ending: Ending;
  /** Names itself as its uploader, as a bundle must. */
  readonly isOwnUploader: boolean;
  /** The collector speaks TLS, with a certificate of an authority that only the settings name. */
  readonly isOwnCa?: boolean | undefined;
}

/** The outcome of a run. */
export interface AgentOutcome {
  readonly spans: number;
  readonly logRecords: number;
  readonly metrics: number;
  /** The agent's exit code, or the signal that ended it. */
  readonly ended: number | NodeJS.Signals | null;
  /** Warnings and errors on `diag` when the provider was created. */
  readonly said: readonly string[];
  /** Batches on disk after the first run; 0 without a spool. */
  readonly spooled: number;
  readonly stderr: string;
}

/** Runs an agent to its end in an empty folder, and waits for what it recorded. What goes into the spool is sent by a second run. */
export async function runAgent({
  command,
  protocol,
  ending,
  isOwnUploader,
  isOwnCa = false,
}: AgentRun): Promise<AgentOutcome> {
  const spool = ending === 'process.exit, into the spool';
  const folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-runtimes-'));
  const certificates = isOwnCa ? await createTestCertificates() : undefined;
  const collector = await startOtlpCollector({ tls: certificates?.server });
  const ca = certificates && path.join(folder, 'ca.pem');
  if (ca !== undefined) await writeFile(ca, certificates?.ca.cert ?? '');
  const url = protocol === 'grpc' ? collector.grpcUrl : collector.httpUrl;
  const order = (how: string) => [
    ...command,
    JSON.stringify({ protocol, url, ending: how, isOwnUploader, folder, spool, ca }),
  ];
  try {
    const first = await run(order(ending), folder);
    const spooled = spool ? await batchesIn(path.join(folder, 'otel-spool')) : 0;
    const { child, ended } = spool ? start(order('deliver'), folder) : {};
    await collector.waitFor(isWhole, { timeoutMillis: ARRIVAL_MILLIS }).catch(() => {});
    child?.kill();
    await ended;
    return {
      spans: collector.spans().length,
      logRecords: collector.logRecords().length,
      metrics: collector.metrics().length,
      ended: first.ended,
      said: saidOf(first.stdout),
      spooled,
      stderr: first.stderr,
    };
  } finally {
    await collector.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function isWhole(seen: OtlpCollector): boolean {
  return seen.spans().length >= 1 && seen.logRecords().length >= 1 && seen.metrics().length >= 1;
}

function start([program = '', ...args]: readonly string[], cwd: string) {
  // A module path, as package managers set it, would hide what an install lacks.
  const { NODE_OPTIONS: _jest, NODE_PATH: _modules, ...env } = process.env;
  const child = spawn(program, args, { ...LIMITS, cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<{ ended: number | NodeJS.Signals | null; stdout: string; stderr: string }>(
    (resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ ended: signal ?? code, stdout, stderr }));
    },
  );
  return { child, ended };
}

const run = (command: readonly string[], cwd: string) => start(command, cwd).ended;

async function batchesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith('.batch')).length;
}

function saidOf(stdout: string): readonly string[] {
  const line: unknown = JSON.parse(stdout.trim() || '{"said":["nothing: it did not get so far"]}');
  const said: unknown = typeof line === 'object' && line !== null && 'said' in line ? line.said : [];
  return Array.isArray(said) ? said.map(String) : [];
}
