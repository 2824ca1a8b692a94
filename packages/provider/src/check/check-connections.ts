import type { Env, OtelExporter, OtelSettings, OtelSignal } from '@codex-otel/config';
import { errorReason, isOtelConfigError } from '@codex-otel/config';
import type { Destination } from '@codex-otel/metrics';
import type { SendResult } from '@codex-otel/metrics/otlp';
import { newBatchId } from '../outlet/batch-id.ts';
import type { Exporters } from '../pipeline/destinations.ts';
import { checkedDestinations, exportersOf } from '../pipeline/destinations.ts';
import { adviceFor } from './advice.ts';
import { checkItem } from './check-item.ts';
import type { ConfiguredValue } from './configured-values.ts';
import { configuredValues } from './configured-values.ts';

/** What became of the item of a signal. */
export type CheckOutcome =
  /** The collector took it. */
  | 'arrived'
  /** The collector answered, and did not take it. */
  | 'refused'
  /** No collector answered. */
  | 'unreachable'
  /** It cannot be tried: the settings contradict themselves, or a file that they name cannot be read. */
  | 'misconfigured'
  /** It goes to this process's standard output; nothing was sent. */
  | 'console'
  /** The signal goes nowhere. */
  | 'off';

/** One signal: what is configured for it, and whether that works. */
export interface ConnectionCheck {
  readonly signal: OtelSignal;
  readonly outcome: CheckOutcome;
  readonly configured: readonly ConfiguredValue[];
  /** What the connection or the collector said, in one line; absent when it arrived without a remark. */
  readonly reason?: string | undefined;
  /** What to change, in one line; absent when nothing has to be. */
  readonly advice?: string | undefined;
}

/** Options for {@link checkOtelConnections}. */
export interface CheckOtelConnectionsOptions {
  /** @defaultValue `process.env` */
  readonly env?: Env | undefined;
  /**
   * What the user's file alone makes, so that each value can be told by its key or its variable.
   *
   * @defaultValue the settings: every value that they have is taken to come from the file
   */
  readonly fileSettings?: OtelSettings | undefined;
  /** How long a collector may take to answer; never longer than the connection's own time-out. @defaultValue 5000 */
  readonly timeoutMillis?: number | undefined;
}

const signals: readonly OtelSignal[] = ['traces', 'logs', 'metrics'];
const defaultTimeoutMillis = 5000;

/**
 * Tells for each signal what is configured, connects, and sends one item of the scope `codex_otel.check`: a span, a
 * log record, and for metrics a request without a data point, so that no series begins. It shows no header value, no
 * user or password and no query of an endpoint.
 *
 * Resolves whatever happens to the connections, signal by signal.
 *
 * @throws {@link OtelConfigError} INVALID_OTEL_CONFIG when the settings are of the wrong shape.
 */
export async function checkOtelConnections(
  settings: OtelSettings,
  options: CheckOtelConnectionsOptions = {},
): Promise<readonly ConnectionCheck[]> {
  const { env = process.env, timeoutMillis = defaultTimeoutMillis } = options;
  const exporters = exportersOf(settings, env);
  const context = { settings, fileSettings: options.fileSettings ?? settings, env };
  const tried = await Promise.all(
    signals.map(async (signal) => {
      const configured = configuredValues(signal, exporters[signal], context);
      return { signal, configured, ...(await trySignal(settings, signal, exporters[signal], { env, timeoutMillis })) };
    }),
  );
  const arrived = tried.filter(({ outcome }) => outcome === 'arrived').map(({ signal }) => signal);
  const isAllOff = tried.every(({ outcome }) => outcome === 'off');
  return tried.map(({ signal, configured, outcome, reason }) => ({
    signal,
    outcome,
    configured,
    ...(reason && { reason }),
    ...advised(adviceFor({ signal, outcome, reason, configured, arrived, isAllOff })),
  }));
}

/** What becomes of an exporter that nothing is sent to. A kind that is missing here does not compile. */
const untriedOutcomes: Readonly<Record<OtelExporter['kind'], CheckOutcome | undefined>> = {
  none: 'off',
  console: 'console',
  statsig: undefined,
  'otlp-http': undefined,
  'otlp-grpc': undefined,
};

interface Attempt {
  readonly outcome: CheckOutcome;
  readonly reason?: string | undefined;
}

async function trySignal<S extends OtelSignal>(
  settings: OtelSettings,
  signal: S,
  exporter: OtelExporter,
  { env, timeoutMillis }: { readonly env: Env; readonly timeoutMillis: number },
): Promise<Attempt> {
  const untried = untriedOutcomes[exporter.kind];
  if (untried !== undefined) return { outcome: untried };
  try {
    // Alone, so that what is wrong with one signal does not hide the others.
    const alone: Exporters = { traces: nowhere, logs: nowhere, metrics: nowhere, [signal]: exporter };
    const destinations = await checkedDestinations({}, alone, { env });
    const destination: Destination<S> | undefined = destinations[signal];
    if (destination === undefined) return { outcome: 'off' };
    const other = signalOfPath(destination.name);
    if (other !== undefined && other !== signal) {
      return { outcome: 'misconfigured', reason: `the endpoint ends in /v1/${other}, the path of ${other}` };
    }
    return await send(settings, signal, destination, Math.min(timeoutMillis, destination.timeoutMillis));
  } catch (error) {
    if (!isOtelConfigError(error)) return { outcome: 'misconfigured', reason: errorReason(error) };
    const reason = error.problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
    return { outcome: 'misconfigured', reason };
  }
}

/** The signal whose path an endpoint ends in. A collector there may take another signal and make nothing of it. */
function signalOfPath(endpoint: string): OtelSignal | undefined {
  return signals.find((signal) => new RegExp(`/v1/${signal}/?$`).test(endpoint));
}

const nowhere: OtelExporter = { kind: 'none' };

async function send<S extends OtelSignal>(
  settings: OtelSettings,
  signal: S,
  destination: Destination<S>,
  timeoutMillis: number,
): Promise<Attempt> {
  const sender = await destination.openSender();
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(), timeoutMillis);
  try {
    const options = { signal: timeUp.signal, timeoutMillis, batchId: newBatchId() };
    const result = await sender.send([checkItem(signal, settings)], options);
    if (timeUp.signal.aborted && result.kind === 'retryable') {
      return { outcome: 'unreachable', reason: `no answer within ${timeoutMillis} ms` };
    }
    return attemptOf(result);
  } finally {
    clearTimeout(timer);
    await sender.close();
  }
}

function attemptOf(result: SendResult): Attempt {
  switch (result.kind) {
    case 'delivered': {
      const { rejectedItems = 0, message, unencoded } = result;
      if (rejectedItems > 0) return { outcome: 'refused', reason: message ?? 'the collector rejected it' };
      if (unencoded !== undefined) return { outcome: 'misconfigured', reason: unencoded.reason };
      return { outcome: 'arrived', reason: message };
    }
    case 'retryable':
      return { outcome: isAnswer(result.reason) ? 'refused' : 'unreachable', reason: result.reason };
    case 'refused':
    case 'failed':
      return { outcome: 'refused', reason: result.reason };
  }
}

/** Whether something at the endpoint spoke OTLP's protocol, and said no for now. */
function isAnswer(reason: string): boolean {
  return /^(?:HTTP \d|[A-Z_]+:|a web page)/.test(reason) && !/^UNAVAILABLE\b/.test(reason);
}

function advised(advice: string | undefined): { readonly advice?: string } {
  return advice === undefined ? {} : { advice };
}
