import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Fact, Facts } from './facts.ts';
import type { ShortRun } from './programs.ts';
import { runShortly } from './programs.ts';
import { otelTable } from './session-home.ts';

/** One way to write the settings, given to both programs. */
export interface SettingsCase {
  /** The end of "… in the settings". */
  readonly name: string;
  readonly otel: (collectorUrl: string, home: { readonly codexHome: string }) => string;
  readonly env?: Readonly<Record<string, string>>;
}

const exporter = (url: string, more = '') => `{ otlp-http = { endpoint = "${url}", protocol = "json"${more} } }`;
const logsTo = (url: string, more = '') => `[otel]\nexporter = ${exporter(url, more)}\n`;
const added = (more: string) => (url: string) => otelTable(url, more);

function program(folder: string, shell: string): string {
  const file = path.join(folder, 'headers.sh');
  writeFileSync(file, `#!/bin/sh\n${shell}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Every way to write the settings that is compared. */
export const SETTINGS_CASES: readonly SettingsCase[] = [
  {
    name: 'a helper for headers',
    otel: (url, { codexHome }) =>
      otelTable(url, `headers_helper = "${program(codexHome, `echo '{"x-probe":"helper"}'`)}"\n`),
  },
  {
    name: 'a helper that fails',
    otel: (url, { codexHome }) => otelTable(url, `headers_helper = "${program(codexHome, 'exit 1')}"\n`),
  },
  {
    name: 'a helper that does not print a JSON object',
    otel: (url, { codexHome }) => otelTable(url, `headers_helper = "${program(codexHome, 'echo [1]')}"\n`),
  },
  { name: 'a helper as a list', otel: added('headers_helper = ["/bin/true"]\n') },
  { name: 'a refresh interval of 0', otel: added('headers_helper_refresh_interval_ms = 0\n') },
  { name: 'log_sse_deltas = false', otel: added('log_sse_deltas = false\n') },
  { name: 'an unknown key', otel: added('not_a_key = 1\n') },
  {
    name: "the exporter 'console'",
    otel: (url) => `[otel]\nexporter = "console"\ntrace_exporter = ${exporter(`${url}/v1/traces`)}\n`,
  },
  {
    name: 'keys in a statsig table',
    otel: (url) =>
      `${logsTo(`${url}/v1/logs`)}metrics_exporter = { statsig = { api_key = "k", endpoint = "${url}/v1/metrics" } }\n`,
  },
  { name: 'an endpoint without a path', otel: (url) => logsTo(url) },
  { name: 'an endpoint that is not a URL', otel: () => logsTo('not a url') },
  {
    name: 'a variable in a header',
    otel: (url) => logsTo(`${url}/v1/logs`, `, headers = { "x-probe" = "\${PROBE}" }`),
    env: { PROBE: 'value' },
  },
  { name: 'a header that cannot be sent', otel: (url) => logsTo(`${url}/v1/logs`, ', headers = { "x probe" = "v" }') },
  { name: 'an unknown exporter', otel: () => '[otel]\nexporter = "zipkin"\n' },
  { name: 'a number in span_attributes', otel: added('[otel.span_attributes]\nn = 1\n') },
  { name: 'a tracestate', otel: added('[otel.tracestate.acme]\nteam = "a"\n') },
  { name: 'OTEL_SERVICE_NAME', otel: added(''), env: { OTEL_SERVICE_NAME: 'mine' } },
  {
    name: 'OTEL_RESOURCE_ATTRIBUTES',
    otel: added(''),
    env: { OTEL_RESOURCE_ATTRIBUTES: 'team=core,service.name=mine,service.version=9,env=mine' },
  },
  { name: 'OTEL_SDK_DISABLED', otel: added(''), env: { OTEL_SDK_DISABLED: 'true' } },
  { name: 'OTEL_EXPORTER_OTLP_HEADERS', otel: added(''), env: { OTEL_EXPORTER_OTLP_HEADERS: 'x-probe=env' } },
  { name: 'OTEL_EXPORTER_OTLP_COMPRESSION', otel: added(''), env: { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' } },
];

/** How a program reads each way to write the settings. */
export async function settingsFacts(codex: string | undefined, cases: readonly SettingsCase[]): Promise<Facts> {
  const facts: (readonly [string, Fact])[] = [];
  for (const { name, otel, env } of cases) {
    const told = await runShortly(codex, otel, outcome, env === undefined ? {} : { env });
    for (const [what, value] of Object.entries(told)) {
      const id = `with ${name} in the settings: ${what}`;
      facts.push([id, { area: 'settings', id, value }]);
    }
  }
  return new Map(facts);
}

/** The example of the main README: one file for both programs, but for where it sends to. */
export function readmeCase(readme: string): SettingsCase {
  const [, toml = ''] = /```toml\n(.*?)```/s.exec(readme) ?? [];
  return { name: "the README's example", otel: (url) => toml.replaceAll('http://localhost:4318', url) };
}

/** The visible result of one run: whether it starts, and what arrives where, with which header and name. */
function outcome({ end, collector }: ShortRun): Readonly<Record<string, string>> {
  const requests = collector.requests();
  const services = new Set(
    [...collector.spans(), ...collector.logRecords(), ...collector.metrics()].map(({ resource }) => {
      const { 'service.name': name, env, team } = resource.attributes;
      return `${name} in ${env}${team === undefined ? '' : ` of ${team}`}`;
    }),
  );
  const deltas = collector.logRecords().some(({ attributes }) => String(attributes['event.kind']).endsWith('.delta'));
  const turns = collector.spans().filter(({ name }) => name === 'session_task.turn');
  return {
    starts: end.exitCode === 0 ? 'yes' : 'no',
    sends: listed(requests.map(({ path: where }) => where)),
    header: listed(requests.flatMap(({ headers }) => headers['x-probe'] ?? [])),
    encoding: listed(requests.map(({ encoding }) => encoding)),
    service: listed(services),
    deltas: deltas ? 'logged' : 'not logged',
    "the turn's state": listed(turns.map(({ traceState }) => traceState).filter((state) => state !== '')),
  };
}

function listed(texts: Iterable<string>): string {
  return [...new Set(texts)].sort().join(', ') || 'nothing';
}
