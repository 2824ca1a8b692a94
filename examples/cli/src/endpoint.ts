/** What the demo records. */
export type DemoSignal = 'traces' | 'logs' | 'metrics';

/** All signals, in the order of the report. */
export const demoSignals: readonly DemoSignal[] = ['traces', 'logs', 'metrics'];

/** What the settings accept: an http or https URL with a host, without spaces or backslashes. */
const HTTP_URL = /^https?:\/\/[^/?#\s\\][^\s\\]*$/i;

/** The path of a signal in OTLP, at the end of an endpoint's path. */
const SIGNAL_PATH = /^(.*)\/v1\/(traces|logs|metrics)\/?$/s;

/**
 * What is wrong with the value of `--endpoint` for these signals. An invalid value is not repeated, since it may hold a
 * password or a key.
 */
export function endpointProblem(endpoint: string, signals: readonly DemoSignal[] = demoSignals): string | undefined {
  if (!HTTP_URL.test(endpoint) || !URL.canParse(endpoint)) {
    const meant = /^[\w.-]+:\d+$/.test(endpoint) ? `http://${endpoint}` : 'http://localhost:4318';
    return `--endpoint must be an http:// or https:// URL, such as ${meant}`;
  }
  const [, base = '', only] = SIGNAL_PATH.exec(shownEndpoint(endpoint)) ?? [];
  if (only === undefined || signals.every((signal) => signal === only)) return undefined;
  const alone = signals.length === 1 ? signals.join() : undefined;
  // A base URL with a path would be used unchanged, so it fits one signal only.
  const other = alone !== undefined ? `${base}/v1/${alone}` : /^https?:\/\/[^/]*$/.test(base) ? base : undefined;
  const all = other === undefined ? '' : `, or give ${other} for ${signals.join(', ')}`;
  return `--endpoint ends in /v1/${only}, which takes only ${only}: add --signals ${only}${all}`;
}

/** The value of `--signals` without duplicates. @throws if it names anything else */
export function parseSignals(text: string): readonly DemoSignal[] {
  const named = text.split(',').map((name) => name.trim());
  const unknown = named.find((name) => !demoSignals.some((signal) => signal === name));
  if (unknown !== undefined) throw new Error(`--signals must be some of ${demoSignals.join(',')}, not '${unknown}'`);
  return demoSignals.filter((signal) => named.includes(signal));
}

/** An endpoint without the parts that may hold a password or a key: those before its host and after its path. */
export function shownEndpoint(endpoint: string): string {
  return endpoint.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/s, '');
}
