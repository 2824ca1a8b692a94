import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A home of its own for one program: the machine's settings are neither read nor changed. */
export interface SessionHome {
  readonly codexHome: string;
  /** The folder that the agent works in. */
  readonly workFolder: string;
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

/** The variable with the model's key; the mock accepts any key. */
const KEY_VARIABLE = 'MOCK_MODEL_KEY';

/** Makes a home whose `config.toml` ends in what `otel` gives. */
export function createSessionHome(
  modelUrl: string,
  otel: (codexHome: string) => string,
  options: { readonly websocket?: boolean } = {},
): SessionHome {
  const home = mkdtempSync(path.join(os.tmpdir(), 'codex-conformance-'));
  const codexHome = path.join(home, '.codex');
  const workFolder = path.join(home, 'work');
  mkdirSync(codexHome);
  mkdirSync(workFolder);
  const model = `model = "gpt-5.1-codex"
model_provider = "mock"
model_reasoning_effort = "medium"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
[model_providers.mock]
name = "Mock"
base_url = "${modelUrl}"
wire_api = "responses"
env_key = "${KEY_VARIABLE}"
request_max_retries = 2
stream_max_retries = 1
stream_idle_timeout_ms = 5000
supports_websockets = ${options.websocket === true}
`;
  writeFileSync(path.join(codexHome, 'config.toml'), `${model}${otel(codexHome)}`);
  const { PATH = '' } = process.env;
  return {
    codexHome,
    workFolder,
    env: {
      PATH,
      HOME: home,
      CODEX_HOME: codexHome,
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      [KEY_VARIABLE]: 'mock',
      MODEL_URL: modelUrl,
    },
    remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** An `[otel]` table that sends everything to one collector; `more` goes into it. */
export function otelTable(collectorUrl: string, more = ''): string {
  const exporter = (signal: string) =>
    `{ otlp-http = { endpoint = "${collectorUrl}/v1/${signal}", protocol = "json" } }`;
  return `[analytics]
enabled = true
[otel]
environment = "conformance"
log_user_prompt = true
log_agent_responses = true
log_guardian_assessments = true
exporter = ${exporter('logs')}
trace_exporter = ${exporter('traces')}
metrics_exporter = ${exporter('metrics')}
${more}`;
}
