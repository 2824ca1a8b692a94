import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { parseOtelConfig } from '@codex-otel/config';
import { recordProcessStart } from '@codex-otel/metrics';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { createOtelProvider } from '@codex-otel/provider';
import { SessionTelemetry, sessionOptionsFromSettings } from '@codex-otel/session-telemetry';
import type { TokenUsage } from '@codex-otel/token-usage';
import { traceparentContextFromEnv } from '@codex-otel/trace-context';
import type { TurnResult } from './agent.ts';
import { createAgent } from './agent.ts';
import { createModelClient } from './model-client.ts';
import type { ModelRequest } from './model-server.ts';
import { MODEL_API_KEY, startModelServer } from './model-server.ts';
import type { ArrivedCounts, TurnReport } from './report.ts';
import { countArrived, reportTurn, totalTokens } from './report.ts';
import { readSession, turnTitle } from './scripted-session.ts';

/** How telemetry is encoded on its way. */
export type DemoProtocol = 'http/protobuf' | 'http/json';

/** Options for {@link runDemo}. */
export interface DemoOptions {
  /** @defaultValue `http/protobuf` */
  readonly protocol?: DemoProtocol | undefined;
  /** Where to send to. @defaultValue a collector inside this process */
  readonly endpoint?: string | undefined;
  /** A running collector to send to and to report from; it is left running. @defaultValue one of its own */
  readonly collector?: OtlpCollector | undefined;
  /** How long the model thinks before it answers; a tenth of it passes between events. @defaultValue 20 */
  readonly paceMillis?: number | undefined;
  /** Further lines of the `[otel]` table. */
  readonly otelConfig?: string | undefined;
}

/** How many items of each signal went out. */
type SentCounts = Readonly<Record<'traces' | 'logs' | 'metrics', { readonly exported: number }>>;

/** What the demo did, and what became of its telemetry. */
export interface DemoReport {
  readonly sentTo: { readonly url: string; readonly protocol: DemoProtocol };
  readonly turns: readonly TurnReport[];
  /** Of all responses, those of the compaction included. */
  readonly total: TokenUsage;
  /** `undefined` when it was sent to a collector that is not this process's. */
  readonly arrived: ArrivedCounts | undefined;
  readonly sent: SentCounts;
  readonly modelRequests: readonly ModelRequest[];
}

const SERVICE_NAME = 'codex_cli_rs';
const SERVICE_VERSION = '0.1.0';

/**
 * Runs the scripted session against the local model server, with telemetry through all six packages, and reports
 * what arrived.
 *
 * @throws when telemetry could not be delivered.
 */
export async function runDemo(options: DemoOptions = {}): Promise<DemoReport> {
  const { protocol = 'http/protobuf', endpoint, paceMillis = 20, otelConfig = '' } = options;
  const ownCollector =
    endpoint === undefined && options.collector === undefined ? await startOtlpCollector({ grpc: false }) : undefined;
  const collector = options.collector ?? ownCollector;
  const url = endpoint ?? collector?.httpUrl ?? '';
  const session = await readSession();
  const modelServer = await startModelServer({ answers: session.turns.flatMap((turn) => turn.model), paceMillis });
  try {
    // The environment may name keys for the user's own collector; for the demo's it has nothing to say.
    const env = endpoint === undefined ? {} : process.env;
    const settings = await parseOtelConfig(otelToml(url, protocol, otelConfig), {
      codexHome: tmpdir(),
      env,
      serviceName: SERVICE_NAME,
      serviceVersion: SERVICE_VERSION,
    });
    const provider = await createOtelProvider(settings, { env });
    if (provider === undefined) throw new Error('telemetry is switched off by the environment');
    if (provider.metrics !== undefined) recordProcessStart(provider.metrics, SERVICE_NAME);

    const telemetry = new SessionTelemetry(
      {
        ...sessionOptionsFromSettings(settings),
        conversationId: randomUUID(),
        model: session.model,
        slug: session.model,
        authMode: 'ApiKey',
        originator: SERVICE_NAME,
        terminalType: process.env.TERM ?? 'unknown',
        sessionSource: 'cli',
      },
      { logger: provider.logger, metrics: provider.metrics, tracer: provider.tracer },
    );
    telemetry.conversationStarts({
      providerName: 'local',
      reasoningEffort: session.reasoningEffort,
      reasoningSummary: 'detailed',
      approvalPolicy: 'on-request',
      sandboxPolicy: 'read-only',
      mcpServers: [],
    });

    let approvals: Readonly<Record<string, 'approved' | 'denied'>> = {};
    const agent = createAgent({
      telemetry,
      requestModel: createModelClient({
        baseUrl: modelServer.url,
        apiKey: MODEL_API_KEY,
        telemetry,
        tracer: provider.tracer,
      }),
      reasoningEffort: session.reasoningEffort,
      approve: async (command) => {
        await wait(paceMillis);
        return approvals[command.join(' ')] ?? 'denied';
      },
      parent: traceparentContextFromEnv(),
      newId: randomUUID,
    });

    const results: TurnResult[] = [];
    for (const turn of session.turns) {
      if (turn.kind === 'prompt') approvals = turn.approvals ?? {};
      results.push(turn.kind === 'prompt' ? await agent.prompt(turn.prompt) : await agent.compact());
    }
    await provider.shutdown({ timeoutMillis: 3000 });

    const turns = session.turns.flatMap((turn, index) => {
      const result = results[index];
      return result === undefined ? [] : [reportTurn(turnTitle(turn), result, collector)];
    });
    return {
      sentTo: { url, protocol },
      turns,
      total: totalTokens(turns),
      arrived: collector === undefined ? undefined : countArrived(collector),
      sent: provider.stats(),
      modelRequests: modelServer.requests,
    };
  } finally {
    await modelServer.close();
    await ownCollector?.close();
  }
}

/** The user's `[otel]` table: all three signals to one place. */
function otelToml(url: string, protocol: DemoProtocol, more: string): string {
  const kind = `{ otlp-http = { endpoint = ${JSON.stringify(url)}, protocol = "${protocol === 'http/json' ? 'json' : 'binary'}" } }`;
  return `[otel]\nenvironment = "demo"\nexporter = ${kind}\ntrace_exporter = ${kind}\nmetrics_exporter = ${kind}\n${more}\n`;
}
