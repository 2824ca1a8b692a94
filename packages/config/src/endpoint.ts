import type { OtelSignal } from './signal.ts';

/** Longer than any real one; keeps hostile input cheap. */
const MAX_ENDPOINT_LENGTH = 2048;

/** Spaces and backslashes, which URL parsers drop or convert, would break the signal's path. */
const HTTP_URL = /^https?:\/\/[^/?#\s\\][^\s\\]*$/i;

/** The URL, if `text` is an http or https one with a host; the scheme must be written out with its slashes. */
export function httpUrl(text: string): URL | undefined {
  if (typeof text !== 'string' || text.length > MAX_ENDPOINT_LENGTH || !HTTP_URL.test(text)) return undefined;
  return URL.parse(text) ?? undefined;
}

/** An HTTP endpoint of one signal: unchanged if it has a path, with `/v1/<signal>` if it has none. */
export function signalUrl(endpoint: string, signal: OtelSignal): string {
  const [, origin = endpoint, path = '', rest = ''] = /^(https?:\/\/[^/?#]+)([^?#]*)(.*)$/is.exec(endpoint) ?? [];
  return path === '' || path === '/' ? `${origin}/v1/${signal}${rest}` : endpoint;
}

/** An endpoint without its credentials, which go into a header: URLs are shown, headers are not. */
export interface EndpointCredentials {
  readonly endpoint: string;
  /** The value of the `authorization` header for these credentials. */
  readonly authorization?: string;
}

/** Removes `user:password@` from an endpoint. */
export function withoutCredentials(endpoint: string): EndpointCredentials {
  const url = httpUrl(endpoint);
  if (url === undefined || (url.username === '' && url.password === '')) return { endpoint };
  const pair = `${decoded(url.username)}:${decoded(url.password)}`;
  return {
    endpoint: endpoint.replace(/\/\/[^/?#]*@/, '//'),
    authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * An endpoint that is safe to show: without user, password and query, which may hold keys.
 *
 * @returns a description instead if `url` is not a URL.
 */
export function endpointName(url: string): string {
  const parsed = httpUrl(url);
  return parsed === undefined
    ? 'an endpoint that is not a URL'
    : `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
