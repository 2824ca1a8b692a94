import type { ProviderStats } from '@codex-otel/provider';
import type { DemoReport } from './demo.ts';
import { demoSignals } from './endpoint.ts';
import type { ExportTrouble } from './export-troubles.ts';

type Signal = keyof ProviderStats;

const ITEMS: Readonly<Record<Signal, string>> = { traces: 'spans', logs: 'log records', metrics: 'metric points' };
const SIGNALS: readonly Signal[] = demoSignals;

/** The endpoint does not accept this signal. */
const NOT_TAKEN = /^HTTP (?:404|405|501)\b|web page answered/;

/** Advice for each reason; the first that matches counts. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /ECONNREFUSED/,
    'nothing listens there: start your collector, or leave out --endpoint to use the collector of the demo',
  ],
  [/ENOTFOUND|EAI_AGAIN/, 'this host cannot be found: check its name'],
  [
    /^HTTP (?:401|403)\b/,
    'the collector needs other credentials: set OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20<token>"',
  ],
  [
    NOT_TAKEN,
    'OTLP is not accepted at this path: an endpoint without a path gets /v1/traces, /v1/logs and /v1/metrics, ' +
      'one with a path is used as it is for all three',
  ],
  [/^HTTP 415\b/, 'the collector does not take this encoding: try the other --protocol'],
  [/^HTTP (?:429|5\d\d)\b/, 'the collector is overloaded or broken: look into its log, or try again later'],
  [/^HTTP \d+/, 'the collector refuses what it gets: look into its log'],
  [
    /certificate|CERT_|SELF_SIGNED/i,
    "name the CA of the collector's certificate: OTEL_EXPORTER_OTLP_CERTIFICATE=ca.pem",
  ],
  [/EPROTO|wrong version number|packet length/i, 'the port does not speak TLS: try http:// in place of https://'],
  [
    /HPE_|Parse Error|socket hang up|ECONNRESET/,
    'what listens there may not speak HTTP: OTLP over HTTP is usually on port 4318, gRPC on 4317',
  ],
  [/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|no answer/, 'check host, port and firewall, and whether the collector hangs'],
];
/** A Prometheus that does not accept delta temporality answers metrics like this. */
const DELTA_ADVICE =
  'if this is Prometheus, let it accept delta: start it with --enable-feature=otlp-native-delta-ingestion, ' +
  'or set OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=cumulative';
const OTHER_ADVICE = "look into the collector's log";

/** Whether everything that was recorded reached its collector. */
export function isDelivered(sent: ProviderStats): boolean {
  return SIGNALS.every((signal) => sent[signal].exported === recorded(sent, signal));
}

/** What was tried, why it failed, what is lost and what to do, for readers who see this for the first time. */
export function formatUndelivered(
  { sentTo, sent }: Pick<DemoReport, 'sentTo' | 'sent'>,
  troubles: readonly ExportTrouble[],
): string {
  const failures = troubles.filter(({ signals }) => signals.length > 0);
  const reasons = failures.length > 0 ? failures : [{ reason: 'no answer in time', signals: SIGNALS }];
  const isElsewhere = failures.length > 0 && failures.every(({ reason }) => NOT_TAKEN.test(reason));
  const only = isElsewhere ? signalsOfBackend(sentTo.signals, sent) : undefined;
  const advice = only === undefined ? new Set(reasons.map(adviceFor)) : [onlyAdvice(only)];
  const lines = [
    `demo: ${verdict(sent, only)}`,
    line('tried', `${sentTo.url} (${sentTo.protocol})`),
    ...reasons.map(({ reason, signals }) => line('why', `${reason} (${signals.join(', ')})`)),
    ...troubles.filter((trouble) => !failures.includes(trouble)).map(({ reason }) => line('besides', reason)),
    ...countLines(sent),
    ...Array.from(advice, (text) => line('do', text)),
    line('', 'CODEX_OTEL_DEBUG=1 shows each attempt'),
  ];
  return `${lines.join('\n')}\n`;
}

/** The signals that a back end accepts if it took all of some and none of the others; else `undefined`. */
function signalsOfBackend(asked: readonly Signal[], sent: ProviderStats): readonly Signal[] | undefined {
  const whole = asked.filter((signal) => sent[signal].exported > 0 && sent[signal].exported === recorded(sent, signal));
  const refused = asked.filter((signal) => sent[signal].failed > 0 && sent[signal].failed === recorded(sent, signal));
  const isSo = whole.length > 0 && refused.length > 0 && whole.length + refused.length === asked.length;
  return isSo ? whole : undefined;
}

function verdict(sent: ProviderStats, only: readonly Signal[] | undefined): string {
  if (only !== undefined)
    return `this back end takes only ${only.join(' and ')}: ${exportedCounts(sent, only)} arrived`;
  const arrivedAny = SIGNALS.some((signal) => sent[signal].exported > 0);
  return `${arrivedAny ? 'not all telemetry' : 'no telemetry'} reached the collector`;
}

function onlyAdvice(signals: readonly Signal[]): string {
  return `if it is only for that, add --signals ${signals.join(',')}`;
}

function countLines(sent: ProviderStats): readonly string[] {
  const lost = (signal: Signal) => sent[signal].queued + sent[signal].dropped + sent[signal].failed;
  const lines = [];
  if (SIGNALS.some((signal) => lost(signal) > 0)) lines.push(line('lost', counts(sent, lost)));
  const handedOver = (signal: Signal) => sent[signal].handedOver;
  if (SIGNALS.some((signal) => handedOver(signal) > 0)) {
    const what = counts(sent, handedOver);
    lines.push(line('waiting', `${what}: a process in the background tries for 30 s more, then they are lost`));
  }
  return lines;
}

/** `65 of 65 spans, 413 of 413 log records`: how much of each signal was exported. */
export function exportedCounts(sent: ProviderStats, signals: readonly Signal[]): string {
  return signals.map((signal) => `${sent[signal].exported} of ${recorded(sent, signal)} ${ITEMS[signal]}`).join(', ');
}

/** `65 of 65 spans, 3 of 413 log records`: without signals that have nothing to count. */
function counts(sent: ProviderStats, count: (signal: Signal) => number): string {
  return SIGNALS.filter((signal) => count(signal) > 0)
    .map((signal) => `${count(signal)} of ${recorded(sent, signal)} ${ITEMS[signal]}`)
    .join(', ');
}

function recorded(sent: ProviderStats, signal: Signal): number {
  const { queued, exported, handedOver, dropped, failed } = sent[signal];
  return queued + exported + handedOver + dropped + failed;
}

function adviceFor({ reason, signals }: ExportTrouble): string {
  if (signals.join() === 'metrics' && /^HTTP (?:400|500)\b/.test(reason)) return DELTA_ADVICE;
  return ADVICE.find(([pattern]) => pattern.test(reason))?.[1] ?? OTHER_ADVICE;
}

function line(title: string, text: string): string {
  return `  ${title.padEnd(8)} ${text}`;
}
