import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { startKafka } from './programs/kafka.ts';
import { freePorts, startServer } from './programs/server-process.ts';

const run = promisify(execFile);

/** The configurations, with the program that each is for. */
export const FLEET_CONFIGS: readonly (readonly [file: string, program: 'fleetCollector' | 'frontCollector'])[] = [
  ['otel-collector.yaml', 'fleetCollector'],
  ['otel-collector-front.yaml', 'frontCollector'],
  ['otel-collector-to-kafka.yaml', 'fleetCollector'],
  ['otel-collector-from-kafka.yaml', 'fleetCollector'],
];

/** The path of a configuration of deploy/. */
export function fleetConfig(name: string): string {
  return fileURLToPath(new URL(`../../../deploy/${name}`, import.meta.url));
}

/** Lets the Collector itself check a configuration. @throws with what it says. */
export async function validateConfig(collector: string, name: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-validate-'));
  try {
    const env = { ...process.env, QUEUE_DIRECTORY: folder };
    await run(collector, ['validate', `--config=${fleetConfig(name)}`], { env });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Collectors with configurations of deploy/, and what they have sent on. */
export interface Fleet {
  readonly endpoint: string;
  readonly backEnds: readonly OtlpCollector[];
  stop(): Promise<void>;
}

/** One Collector, with a back end behind it. */
export interface FleetCollector extends Fleet {
  readonly pid: number;
  /** Host and port, for OTLP over gRPC. */
  readonly grpcAddress: string;
}

/** Starts the fleet's Collector with a back end behind it. It decides on a trace after `decisionSeconds`. */
export async function startFleet(
  collector: string,
  decisionSeconds: number,
  env: Readonly<Record<string, string>> = {},
): Promise<FleetCollector> {
  const folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-fleet-'));
  const backEnd = await startOtlpCollector({ grpc: false });
  const member = await startMember(collector, 'otel-collector.yaml', {
    TRACES_ENDPOINT: `${backEnd.httpUrl}/v1/traces`,
    LOGS_ENDPOINT: `${backEnd.httpUrl}/v1/logs`,
    METRICS_ENDPOINT: `${backEnd.httpUrl}/v1/metrics`,
    QUEUE_DIRECTORY: folder,
    DECISION_WAIT: `${decisionSeconds}s`,
    ...env,
  });
  return {
    ...member,
    backEnds: [backEnd],
    async stop() {
      await member.stop();
      await backEnd.close();
      await rm(folder, { recursive: true });
    },
  };
}

/**
 * Two of the fleet's Collectors, each with a back end, and in front of them one that routes each trace to one of
 * them.
 */
export async function startFronted(front: string, collector: string, decisionSeconds: number): Promise<Fleet> {
  const keepAll = { KEEP_PERCENT: '100' };
  const [one, other] = await Promise.all([
    startFleet(collector, decisionSeconds, keepAll),
    startFleet(collector, decisionSeconds, keepAll),
  ]);
  const { endpoint, stop } = await startMember(front, 'otel-collector-front.yaml', {
    BEHIND_1: one.grpcAddress,
    BEHIND_2: other.grpcAddress,
    BEHIND_HTTP: one.endpoint,
  });
  return {
    endpoint,
    backEnds: [...one.backEnds, ...other.backEnds],
    async stop() {
      await stop();
      await one.stop();
      await other.stop();
    },
  };
}

/** A Collector that writes to Kafka, one that reads from it, and a back end behind that. */
export async function startWithKafka(kafkaHome: string, collector: string, decisionSeconds: number): Promise<Fleet> {
  const folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-kafka-'));
  const kafka = await startKafka(kafkaHome, folder);
  const backEnd = await startOtlpCollector({ grpc: false });
  const before = await startMember(collector, 'otel-collector-to-kafka.yaml', { KAFKA: kafka.address });
  const behind = await startMember(collector, 'otel-collector-from-kafka.yaml', {
    KAFKA: kafka.address,
    BEHIND_HTTP: backEnd.httpUrl,
    QUEUE_DIRECTORY: path.join(folder, 'queue'),
    DECISION_WAIT: `${decisionSeconds}s`,
    KEEP_PERCENT: '100',
  });
  return {
    endpoint: before.endpoint,
    backEnds: [backEnd],
    async stop() {
      await before.stop();
      await behind.stop();
      await kafka.stop();
      await backEnd.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** One Collector on free ports. */
async function startMember(
  collector: string,
  config: string,
  env: Readonly<Record<string, string>>,
): Promise<Pick<FleetCollector, 'endpoint' | 'grpcAddress' | 'pid' | 'stop'>> {
  const [http = 0, grpc = 0, health = 0] = await freePorts(3);
  const { pid, stop } = await startServer(
    collector,
    [`--config=${fleetConfig(config)}`],
    `http://127.0.0.1:${health}`,
    {
      OTLP_HTTP: `127.0.0.1:${http}`,
      OTLP_GRPC: `127.0.0.1:${grpc}`,
      HEALTH: `127.0.0.1:${health}`,
      ...env,
    },
  );
  return { endpoint: `http://127.0.0.1:${http}`, grpcAddress: `127.0.0.1:${grpc}`, pid, stop };
}
