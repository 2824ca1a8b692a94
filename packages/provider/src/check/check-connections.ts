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

/** Result of the check of one signal. */
export type CheckOutcome =
  /** The collector accepted the item. */
  | 'arrived'
  /** The collector answered and did not accept the item. */
  | 'refused'
  /** No collector answered. */
  | 'unreachable'
  /** Nothing was sent: the settings contradict themselves, or a file that they name cannot be read. */
  | 'misconfigured'
  /** The signal goes to this process's standard output; nothing was sent. */
  | 'console'
  /** The signal is not exported. */
  | 'off';

/** What is configured for one signal, and whether it works. */
export interface ConnectionCheck {
  /** The signal that was checked. */
  readonly signal: OtelSignal;
  /** Whether its item arrived. */
  readonly outcome: CheckOutcome;
  /** Each value that is configured for it, and where it is set. */
  readonly configured: readonly ConfiguredValue[];
  /** What the connection or the collector said, in one line; absent if the item arrived without a remark. */
  readonly reason?: string | undefined;
  /** What to change, in one line; absent if there is nothing to change. */
  readonly advice?: string | undefined;
}

/** Options for {@link checkOtelConnections}. */
export interface CheckOtelConnectionsOptions {
  /** Environment in which variables are looked up. @defaultValue `process.env` */
  readonly env?: Env | undefined;
  /**
   * The settings of the user's file alone, without the environment, so that the result can name the key or the variable
   * that sets a value.
   *
   * @defaultValue the settings; every value then counts as set in the file
   */
  readonly fileSettings?: OtelSettings | undefined;
  /**
   * How long a collector may take to answer, in milliseconds; at most the connection's own time-out.
   * @defaultValue 5000
   */
  readonly timeoutMillis?: number | undefined;
}

const signals: readonly OtelSignal[] = ['traces', 'logs', 'metrics'];
const defaultTimeoutMillis = 5000;

/**
 * Checks each signal: says what is configured, connects, and sends one item of the scope `codex_otel.check`. For
 * metrics it sends a request without a data point, so that no series begins. The result contains no header value, no
 * user or password, and no query of an endpoint.
 *
 * It resolves even if connections fail.
 *
 * @throws `OtelConfigError` of `@codex-otel/config`, INVALID_OTEL_CONFIG (as a rejection), if the settings have the
 * wrong shape.
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

/** The outcome for kinds of exporters to which a check sends nothing. A kind that is missing here does not compile. */
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
    // Each signal alone, so that an error of one does not hide the others.
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

/** The signal whose path an endpoint ends in. A collector may accept another signal there and ignore it. */
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

/** Whether something at the endpoint answered, but refused the item for now. */
function isAnswer(reason: string): boolean {
  return /^(?:HTTP \d|[A-Z_]+:|a web page)/.test(reason) && !/^UNAVAILABLE\b/.test(reason);
}

function advised(advice: string | undefined): { readonly advice?: string } {
  return advice === undefined ? {} : { advice };
}
