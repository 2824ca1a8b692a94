import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import type { OtelProvider, ProviderStats } from '@codex-otel/provider';
import { isOtelShutdownError } from '@codex-otel/provider';
import type { TokenUsage } from '@codex-otel/token-usage';
import { traceparentContextFromEnv } from '@codex-otel/trace-context';
import type { TurnResult } from './agent.ts';
import { createAgent } from './agent.ts';
import type { DemoSignal } from './endpoint.ts';
import { demoSignals, shownEndpoint } from './endpoint.ts';
import { createModelClient } from './model-client.ts';
import type { ModelRequest } from './model-server.ts';
import { MODEL_API_KEY, startModelServer } from './model-server.ts';
import type { ArrivedCounts, TurnReport } from './report.ts';
import { countArrived, reportTurn, totalTokens } from './report.ts';
import type { ScriptedCommand, ScriptedSession } from './scripted-session.ts';
import { readSession, turnTitle } from './scripted-session.ts';
import type { SessionFacts } from './session-facts.ts';
import { sessionFacts } from './session-facts.ts';
import { runShellCommand } from './shell-tool.ts';
import type { InstalledTelemetry } from './telemetry.ts';
import { installTelemetry } from './telemetry.ts';

/** How telemetry is encoded. */
export type DemoProtocol = 'http/protobuf' | 'http/json';

/** Options for {@link runDemo}. */
export interface DemoOptions {
  /** @defaultValue `http/protobuf` */
  readonly protocol?: DemoProtocol | undefined;
  /** Where to send to. @defaultValue a collector inside this process */
  readonly endpoint?: string | undefined;
  /** The signals that go to `endpoint`; the others go to a collector inside this process. @defaultValue all three */
  readonly signals?: readonly DemoSignal[] | undefined;
  /** A running collector to send to and to report from; it is left running. @defaultValue one of its own */
  readonly collector?: OtlpCollector | undefined;
  /**
   * Milliseconds before the model answers; a tenth of it passes between events. With 0, the pauses of the script take no time
   * either. @defaultValue 20
   */
  readonly paceMillis?: number | undefined;
  /** How often the session runs, one after the other, in this process. @defaultValue 1 */
  readonly rounds?: number | undefined;
  /** Further lines for the `[otel]` table. */
  readonly otelConfig?: string | undefined;
}

/** What the demo did, and what became of its telemetry. */
export interface DemoReport {
  /** The URL is without credentials and query. */
  readonly sentTo: { readonly url: string; readonly protocol: DemoProtocol; readonly signals: readonly DemoSignal[] };
  readonly turns: readonly TurnReport[];
  /** The usage of all responses, including those of the compaction. */
  readonly total: TokenUsage;
  /** What a collector of this process received; `undefined` if everything was sent elsewhere. */
  readonly arrived: ArrivedCounts | undefined;
  /** Tools and requests from the log records; `undefined` if those were sent elsewhere. */
  readonly facts: SessionFacts | undefined;
  /** What this process knows about the delivery. */
  readonly sent: ProviderStats;
  readonly modelRequests: readonly ModelRequest[];
}

/** Long for a demo, so that nothing is lost on a busy machine. */
const SHUTDOWN_TIMEOUT_MILLIS = 10_000;

/**
 * Runs the scripted session against the local model server, with telemetry through all six packages, and reports
 * what arrived. The counts in the report include what did not reach an `endpoint`.
 *
 * @throws if telemetry could not be delivered to a collector of this process.
 */
export async function runDemo(options: DemoOptions = {}): Promise<DemoReport> {
  const { protocol = 'http/protobuf', endpoint, paceMillis = 20, rounds = 1, otelConfig = '' } = options;
  const signals = endpoint === undefined ? demoSignals : (options.signals ?? demoSignals);
  const script = await readSession();
  const sendsAll = endpoint !== undefined && signals.length === demoSignals.length;
  const ownCollector =
    sendsAll || options.collector !== undefined ? undefined : await startOtlpCollector({ grpc: false });
  const collector = sendsAll ? undefined : (options.collector ?? ownCollector);
  const url = endpoint ?? collector?.httpUrl ?? '';
  const urlOf = (signal: DemoSignal) => (signals.includes(signal) ? url : (collector?.httpUrl ?? url));
  const turns = Array.from({ length: rounds }, () => script.turns).flat();
  const modelServer = await startModelServer({ answers: turns.flatMap((turn) => turn.model), paceMillis });
  try {
    const telemetry = await installTelemetry({
      toml: otelToml(urlOf, protocol, otelConfig),
      // The environment may hold keys for the user's own collector. They must not apply to the demo's.
      env: endpoint === undefined ? {} : process.env,
      conversationId: randomUUID(),
      model: script.model,
      reasoningEffort: script.reasoningEffort,
    });
    const results = await play({ ...script, turns }, { telemetry, modelUrl: modelServer.url, paceMillis });
    const incomplete = await shutDown(telemetry.provider);
    if (incomplete !== undefined && endpoint === undefined) throw incomplete;
    const isHere = (signal: DemoSignal) =>
      collector !== undefined && (endpoint === undefined || !signals.includes(signal));
    const traces = isHere('traces') ? collector : undefined;
    const reports = results.map(({ title, result }) => reportTurn(title, result, traces));
    return {
      sentTo: { url: shownEndpoint(url), protocol, signals },
      turns: reports,
      total: totalTokens(reports),
      arrived: collector === undefined ? undefined : countArrived(collector),
      facts:
        collector !== undefined && isHere('logs') ? sessionFacts(collector.logRecords(), collector.spans()) : undefined,
      sent: telemetry.provider.stats(),
      modelRequests: modelServer.requests,
    };
  } finally {
    await modelServer.close();
    await ownCollector?.close();
  }
}

/** @returns the error if not everything was sent. */
async function shutDown(provider: OtelProvider): Promise<Error | undefined> {
  try {
    await provider.shutdown({ timeoutMillis: SHUTDOWN_TIMEOUT_MILLIS });
    return undefined;
  } catch (error) {
    if (isOtelShutdownError(error)) return error;
    throw error;
  }
}

/** Runs the scripted session. */
async function play(
  script: ScriptedSession,
  options: { readonly telemetry: InstalledTelemetry; readonly modelUrl: string; readonly paceMillis: number },
): Promise<readonly { readonly title: string; readonly result: TurnResult }[]> {
  const { telemetry, modelUrl, paceMillis } = options;
  const { session, provider } = telemetry;
  let commands: Readonly<Record<string, ScriptedCommand>> = {};
  const scripted = (command: readonly string[]) => commands[command.join(' ')];
  // With 0, nothing in the script takes any time.
  const pass = (millis = 0) => (paceMillis === 0 ? undefined : wait(millis));
  const agent = createAgent({
    telemetry: session,
    requestModel: createModelClient({
      baseUrl: modelUrl,
      apiKey: MODEL_API_KEY,
      telemetry: session,
      tracer: provider.tracer,
    }),
    reasoningEffort: script.reasoningEffort,
    approve: async (command) => {
      await pass(scripted(command)?.thinksMillis);
      return scripted(command)?.approval ?? 'denied';
    },
    runCommand: async (command, span) => {
      const [result] = await Promise.all([runShellCommand(command, span), pass(scripted(command)?.runsMillis)]);
      return result;
    },
    parent: traceparentContextFromEnv(),
    newId: randomUUID,
  });
  const results = [];
  for (const turn of script.turns) {
    if (turn.kind === 'prompt') commands = turn.commands ?? {};
    const result = turn.kind === 'prompt' ? await agent.prompt(turn.prompt) : await agent.compact();
    results.push({ title: turnTitle(turn), result });
  }
  return results;
}

/** The user's `[otel]` table: all three signals to one place, or each to its own. */
function otelToml(urlOf: (signal: DemoSignal) => string, protocol: DemoProtocol, more: string): string {
  const encoding = protocol === 'http/json' ? 'json' : 'binary';
  const exporter = (signal: DemoSignal) =>
    `{ otlp-http = { endpoint = ${JSON.stringify(urlOf(signal))}, protocol = "${encoding}" } }`;
  return `[otel]
environment = "demo"
exporter = ${exporter('logs')}
trace_exporter = ${exporter('traces')}
metrics_exporter = ${exporter('metrics')}
${more}
`;
}
