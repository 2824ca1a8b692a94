/** As the settings want it: an http or https URL with a host, without spaces or backslashes. */
const HTTP_URL = /^https?:\/\/[^/?#\s\\][^\s\\]*$/i;

/** What is wrong with the value of `--endpoint`; it is not repeated, since it may hold a password or a key. */
export function endpointProblem(endpoint: string): string | undefined {
  if (HTTP_URL.test(endpoint) && URL.canParse(endpoint)) return undefined;
  const meant = /^[\w.-]+:\d+$/.test(endpoint) ? `http://${endpoint}` : 'http://localhost:4318';
  return `--endpoint must be an http:// or https:// URL, such as ${meant}`;
}

/** An endpoint as it may be printed: what stands before its host or behind its path may be a password or a key. */
export function shownEndpoint(endpoint: string): string {
  return endpoint.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/s, '');
}
