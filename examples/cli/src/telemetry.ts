import { tmpdir } from 'node:os';
import { parseOtelConfig } from '@codex-otel/config';
import { recordProcessStart } from '@codex-otel/metrics';
import type { OtelProvider } from '@codex-otel/provider';
import { createOtelProvider } from '@codex-otel/provider';
import { SessionTelemetry, sessionOptionsFromSettings } from '@codex-otel/session-telemetry';

/** The telemetry of an agent: what records it, and what must be shut down. */
export interface InstalledTelemetry {
  readonly session: SessionTelemetry;
  readonly provider: OtelProvider;
}

const SERVICE_NAME = 'codex_cli_rs';
const SERVICE_VERSION = '0.1.0';

/**
 * The full install: settings from a TOML text, a provider from the settings, a session on the provider.
 *
 * @param options.toml - as a `config.toml`, with its `[otel]` table.
 * @param options.env - what the file leaves open.
 */
export async function installTelemetry(options: {
  readonly toml: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly conversationId: string;
  readonly model: string;
  readonly reasoningEffort: string;
}): Promise<InstalledTelemetry> {
  const { toml, env, conversationId, model, reasoningEffort } = options;
  const settings = await parseOtelConfig(toml, {
    codexHome: tmpdir(),
    env,
    serviceName: SERVICE_NAME,
    serviceVersion: SERVICE_VERSION,
  });
  const provider = await createOtelProvider(settings, { env });
  if (provider === undefined) throw new Error('telemetry is switched off: OTEL_SDK_DISABLED is set');
  if (provider.metrics !== undefined) recordProcessStart(provider.metrics, SERVICE_NAME);

  const session = new SessionTelemetry(
    {
      ...sessionOptionsFromSettings(settings),
      conversationId,
      model,
      slug: model,
      authMode: 'ApiKey',
      originator: SERVICE_NAME,
      terminalType: process.env.TERM ?? 'unknown',
      sessionSource: 'cli',
    },
    provider,
  );
  session.conversationStarts({
    providerName: 'local',
    reasoningEffort,
    reasoningSummary: 'detailed',
    approvalPolicy: 'on-request',
    sandboxPolicy: 'read-only',
    mcpServers: [],
  });
  return { session, provider };
}
