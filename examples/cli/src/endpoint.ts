/** What the demo records. */
export type DemoSignal = 'traces' | 'logs' | 'metrics';

/** All of it, in the order in which it is reported. */
export const demoSignals: readonly DemoSignal[] = ['traces', 'logs', 'metrics'];

/** As the settings want it: an http or https URL with a host, without spaces or backslashes. */
const HTTP_URL = /^https?:\/\/[^/?#\s\\][^\s\\]*$/i;

/** The path that OTLP gives to a signal, at the end of an endpoint's. */
const SIGNAL_PATH = /^(.*)\/v1\/(traces|logs|metrics)\/?$/s;

/**
 * What is wrong with the value of `--endpoint` for these signals. What is no URL is not repeated, since it may hold a
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
  // A base with a path of its own would be used as it stands, so it helps with one signal only.
  const other = alone !== undefined ? `${base}/v1/${alone}` : /^https?:\/\/[^/]*$/.test(base) ? base : undefined;
  const all = other === undefined ? '' : `, or give ${other} for ${signals.join(', ')}`;
  return `--endpoint ends in /v1/${only}, which takes ${only} alone: add --signals ${only}${all}`;
}

/** The value of `--signals`, without repetition. @throws when it names anything else. */
export function parseSignals(text: string): readonly DemoSignal[] {
  const named = text.split(',').map((name) => name.trim());
  const unknown = named.find((name) => !demoSignals.some((signal) => signal === name));
  if (unknown !== undefined) throw new Error(`--signals must be some of ${demoSignals.join(',')}, not '${unknown}'`);
  return demoSignals.filter((signal) => named.includes(signal));
}

/** An endpoint as it may be printed: what stands before its host or behind its path may be a password or a key. */
export function shownEndpoint(endpoint: string): string {
  return endpoint.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/s, '');
}
