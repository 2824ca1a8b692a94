import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Behaviour, OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import type { TestCertificates } from '@codex-otel/testing/certificates';
import { createTestCertificates } from '@codex-otel/testing/certificates';
import type { AgentEnding } from './agent.ts';
import { runAgent } from './agent.ts';
import type { AgentTask } from './agent-program.ts';
import type { AgentProtocol } from './agent-settings.ts';

/** What goes wrong at the collector. */
export interface Fault {
  readonly name: string;
  readonly behaviour: Behaviour;
  /** Whether the connection speaks TLS. */
  readonly tls?: boolean | undefined;
}

export const faults: readonly Fault[] = [
  { name: 'hang', behaviour: { kind: 'hang' } },
  { name: 'hang after headers', behaviour: { kind: 'hang-after-headers' } },
  { name: 'trickle', behaviour: { kind: 'trickle', intervalMillis: 1000 } },
  { name: 'garbage', behaviour: { kind: 'garbage-on-connect' } },
  { name: 'refuse', behaviour: { kind: 'refuse' } },
  { name: '429, Retry-After an hour', behaviour: { kind: 'status', code: 429, retryAfter: 3600 } },
  { name: '503', behaviour: { kind: 'status', code: 503 } },
  { name: 'TLS stall', behaviour: { kind: 'hang-on-connect' }, tls: true },
  { name: 'reset mid-body', behaviour: { kind: 'reset-mid-body' } },
];

export const protocols: readonly AgentProtocol[] = ['http/protobuf', 'http/json', 'grpc'];

export const situations = ['running', 'shutdown', 'exit'] as const;

/** What the agent did while the collector failed. */
export type Situation = (typeof situations)[number];

/** One cell of the matrix, for all three signals. */
export interface FaultOutcome extends AgentEnding {
  readonly fault: string;
  readonly protocol: AgentProtocol;
  readonly situation: Situation;
  /** How many items of each signal arrived after the collector recovered; repeats count once. */
  readonly arrived: { readonly traces: number; readonly logs: number; readonly metrics: number };
}

/** The number of spans and of log records in every cell; metrics have one point. */
export const itemsPerSignal = 100;
/** The time-out of `forceFlush` and `shutdown`. */
export const timeoutMillis = 300;
/** The time-out of one attempt: long enough that an agent which waits for it is noticed, even on a busy machine. */
export const attemptMillis = 30_000;
/** How long the collector may take to receive what was handed over, once it has recovered. */
const deliveryMillis = 60_000;

/** Runs one cell: the collector fails, the agent runs, the collector recovers. */
export async function runFault(fault: Fault, protocol: AgentProtocol, situation: Situation): Promise<FaultOutcome> {
  const certificates = fault.tls === true ? await createTestCertificates() : undefined;
  const folder = await mkdtemp(path.join(tmpdir(), 'reliability-'));
  const collector = await startOtlpCollector({ tls: certificates?.server });
  try {
    const caFile = await caFileOf(certificates, folder);
    await collector.behave(fault.behaviour);
    const url = protocol === 'grpc' ? collector.grpcUrl : collector.httpUrl;
    // The uploader begins after the recovery. If it got a Retry-After of an hour before, it would rightly wait too
    // long for us.
    const gate = path.join(folder, 'well-again');
    let wellAgain: Promise<void> | undefined;
    const task = { protocol, url, caFile, gate, itemsPerSignal, attemptMillis, ending: endings[situation] };
    const ending = await runAgent(task, () => {
      wellAgain ??= collector.behave({ kind: 'answer' });
    });
    await wellAgain;
    await writeFile(gate, '');
    if (situation !== 'running') await delivery(collector);
    return { fault: fault.name, protocol, situation, arrived: arrivals(collector), ...ending };
  } finally {
    await collector.close();
    await rm(folder, { recursive: true });
  }
}

const endings: Readonly<Record<Situation, AgentTask['ending']>> = {
  running: { kind: 'run', runMillis: 400, flushMillis: timeoutMillis },
  shutdown: { kind: 'shutdown', timeoutMillis },
  exit: { kind: 'exit' },
};

async function caFileOf(certificates: TestCertificates | undefined, folder: string): Promise<string | undefined> {
  if (certificates === undefined) return undefined;
  const file = path.join(folder, 'ca.pem');
  await writeFile(file, certificates.ca.cert);
  return file;
}

/** Waits for what was handed over; the counts show what is missing. */
async function delivery(collector: OtlpCollector): Promise<void> {
  const whole = () => {
    const { traces, logs, metrics } = arrivals(collector);
    return traces >= itemsPerSignal && logs >= itemsPerSignal && metrics >= 1;
  };
  await collector.waitFor(whole, { timeoutMillis: deliveryMillis }).catch(() => {});
}

function arrivals(collector: OtlpCollector): FaultOutcome['arrived'] {
  return {
    traces: new Set(collector.spans().map(({ spanId }) => spanId)).size,
    logs: new Set(collector.logRecords().map(({ attributes }) => attributes.index)).size,
    metrics: new Set(collector.metrics().map(({ name }) => name)).size,
  };
}
