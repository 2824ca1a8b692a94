import type { OtelSignal } from '@codex-otel/config';
import { exporterKeys } from '../pipeline/destinations.ts';
import type { CheckOutcome } from './check-connections.ts';
import type { ConfiguredValue } from './configured-values.ts';

/** The outcome of a check, from which the advice is derived. */
export interface Trouble {
  readonly signal: OtelSignal;
  readonly outcome: CheckOutcome;
  readonly reason: string | undefined;
  readonly configured: readonly ConfiguredValue[];
  /** The signals whose items arrived in the same check. */
  readonly arrived: readonly OtelSignal[];
  readonly isAllOff: boolean;
}

/** What to change, in one line. The first pattern that matches the reason decides. */
const advices: readonly (readonly [RegExp, (trouble: Trouble) => string])[] = [
  [
    /\bproxy\b/i,
    (trouble) =>
      `the proxy of ${fromOf(trouble, 'proxy')} does not let it pass: add ${hostOf(trouble)} to NO_PROXY, or correct ${fromOf(trouble, 'proxy')}`,
  ],
  [
    /headers_helper/,
    (trouble) =>
      `run ${configuredValue(trouble, 'headers_helper') ?? 'the program'} by hand: it must print a JSON object of headers and end with 0`,
  ],
  [
    /temporality/i,
    () => 'it does not accept delta: write temporality = "cumulative" and service_instance_id = true into [otel]',
  ],
  [/ECONNREFUSED/, (trouble) => `nothing listens there: start the collector, or correct ${endpointKey(trouble)}`],
  [
    /ENOTFOUND|EAI_AGAIN|Name resolution failed/,
    (trouble) => `this host name cannot be resolved: correct ${endpointKey(trouble)}`,
  ],
  [
    /^HTTP 407\b/,
    (trouble) =>
      `the proxy needs credentials: ${fromOf(trouble, 'proxy')}=http://user:password@${configuredValue(trouble, 'proxy') ?? 'proxy'}`,
  ],
  [/^HTTP (?:401|403)\b|UNAUTHENTICATED|PERMISSION_DENIED/, credentials],
  [/^HTTP (?:404|405|501)\b|web page answered|UNIMPLEMENTED/, notTaken],
  [
    /^HTTP 415\b/,
    (trouble) =>
      `it does not accept this encoding: write protocol = "${configuredValue(trouble, 'protocol') === 'http/json' ? 'binary' : 'json'}" (${fromOf(trouble, 'protocol')})`,
  ],
  [
    /ALTNAME|does not match certificate/i,
    (trouble) => `its certificate is for another host: correct the host of ${endpointKey(trouble)}`,
  ],
  [/expired/i, () => 'its certificate has expired: renew it on the server'],
  [
    /certificate|CERT_|SELF_SIGNED/i,
    (trouble) => `name the CA of its certificate: tls = { ca-certificate = "ca.pem" } in ${tableKey(trouble)}`,
  ],
  [
    /EPROTO|wrong version number|packet length|does the server speak TLS/i,
    (trouble) => `it does not speak TLS: begin ${endpointKey(trouble)} with http://`,
  ],
  [
    /HTTP request (?:was sent )?to (?:an )?HTTPS|the server speaks TLS/i,
    (trouble) => `it speaks TLS: begin ${endpointKey(trouble)} with https://`,
  ],
  [
    /socket hang up|ECONNRESET/,
    (trouble) =>
      `it hung up: if it speaks TLS, begin ${endpointKey(trouble)} with https://; collectors listen for HTTP on 4318`,
  ],
  [/HPE_|Parse Error|gRPC port|Protocol error|frame|RST_STREAM/i, wrongProtocol],
  [
    /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|no answer/,
    (trouble) => `check host, port and firewall of ${endpointKey(trouble)}`,
  ],
  [/^HTTP (?:429|5\d\d)\b|UNAVAILABLE/, () => 'the collector fails or is overloaded: look into its log'],
];

/** What to do about a signal that did not arrive; `undefined` if it arrived or is off on purpose. */
export function adviceFor(trouble: Trouble): string | undefined {
  const { outcome, reason = '', signal } = trouble;
  switch (outcome) {
    case 'arrived':
    case 'console':
      return undefined;
    case 'off':
      return trouble.isAllOff ? switchOn(signal) : undefined;
    case 'misconfigured':
      return /^the endpoint ends in/.test(reason)
        ? `${endpointKey(trouble)} must end in /v1/${signal}, or have no path`
        : 'correct what is named there';
    case 'refused':
    case 'unreachable':
      return advices.find(([pattern]) => pattern.test(reason))?.[1](trouble) ?? 'look into the log of the collector';
  }
}

function switchOn(signal: OtelSignal): string {
  const exporter = '{ otlp-http = { endpoint = "http://localhost:4318", protocol = "binary" } }';
  return `to switch it on, write ${exporterKeys[signal]} = ${exporter} into [otel]`;
}

function credentials(trouble: Trouble): string {
  const sources = trouble.configured.filter(({ name }) => name === 'headers' || name === 'headers_helper');
  const proxy = trouble.configured.find(({ name }) => name === 'proxy');
  const way = proxy === undefined ? '' : ` (it may be the proxy of ${proxy.from} that says so)`;
  if (sources.length === 0) {
    return `it needs credentials and none are configured: add headers = { authorization = "Bearer \${TOKEN}" } to ${tableKey(trouble)}${way}`;
  }
  return `it does not accept the credentials of ${sources.map(({ from }) => from).join(', ')}: correct or renew them${way}`;
}

function notTaken(trouble: Trouble): string {
  const { signal, arrived } = trouble;
  if (arrived.length > 0) {
    return `it seems to accept only ${arrived.join(' and ')}: write ${exporterKeys[signal]} = "none" into [otel]`;
  }
  return `OTLP is not accepted at this path: without a path ${endpointKey(trouble)} gets /v1/${signal}, with a path it is used as it is`;
}

function wrongProtocol(trouble: Trouble): string {
  const isGrpc = configuredValue(trouble, 'protocol') === 'grpc';
  const [wanted, port] = isGrpc ? ['otlp-http', 4317] : ['otlp-grpc', 4318];
  return `it speaks another protocol: use port ${port} in ${endpointKey(trouble)}, or ${wanted} in otel.${exporterKeys[trouble.signal]}`;
}

function configuredValue({ configured }: Trouble, wanted: ConfiguredValue['name']): string | undefined {
  return configured.find(({ name }) => name === wanted)?.value;
}

function fromOf({ configured }: Trouble, wanted: ConfiguredValue['name']): string {
  return configured.find(({ name }) => name === wanted)?.from ?? wanted;
}

function hostOf(trouble: Trouble): string {
  const endpoint = configuredValue(trouble, 'endpoint') ?? '';
  return URL.canParse(endpoint) ? new URL(endpoint).hostname : 'the host';
}

/** The key or variable that sets the endpoint; if none does, one that could. */
function endpointKey(trouble: Trouble): string {
  const from = fromOf(trouble, 'endpoint');
  return from === 'default' ? 'OTEL_EXPORTER_OTLP_ENDPOINT' : from;
}

function tableKey({ signal, configured }: Trouble): string {
  const kind = configured.find(({ name }) => name === 'exporter')?.value ?? 'otlp-http';
  return `otel.${exporterKeys[signal]}.${kind}`;
}
