import { BlockList, isIP } from 'node:net';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a URL, from `HTTPS_PROXY` or `HTTP_PROXY` by its scheme, else from `ALL_PROXY`, unless `NO_PROXY` names
 * its host. Lower-case names of variables come first.
 *
 * `NO_PROXY` lists host names (each covers its subdomains; a leading `.` or `*.` makes no difference), IP addresses and
 * ranges (`10.0.0.0/8`), names and addresses with `*` anywhere, each optionally with a port, or `*` for all. A proxy
 * that is not an `http` or `https` URL is ignored.
 */
export function proxyFor(url: URL, env: Env): URL | undefined {
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const proxy = lookUp(env, name) ?? lookUp(env, 'all_proxy');
  if (proxy === undefined || isExempt(url, lookUp(env, 'no_proxy') ?? '')) return undefined;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  if (!URL.canParse(text)) return undefined;
  const parsed = new URL(text);
  return parsed.protocol === 'http:' || parsed.protocol === 'https:' ? parsed : undefined;
}

/** `user:password`, if a URL has them. */
export function urlCredentials(url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined;
  return `${decoded(url.username)}:${decoded(url.password)}`;
}

/** The value of `Proxy-Authorization`, if the URL of a proxy has a user. */
export function basicAuthorization(url: URL): string | undefined {
  const credentials = urlCredentials(url);
  return credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
}

function lookUp(env: Env, name: string): string | undefined {
  return env[name]?.trim() || env[name.toUpperCase()]?.trim() || undefined;
}

function isExempt(url: URL, noProxy: string): boolean {
  const host = bare(url.hostname);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '*') return true;
      if (entry.includes('/')) return isInRange(host, entry);
      const { name, port: onlyPort } = splitPort(entry);
      if (name === '' || (onlyPort !== undefined && onlyPort !== port)) return false;
      const domain = bare(name.replace(/^\*?\./, ''));
      if (domain.includes('*')) return matches(host, domain);
      return host === domain || host.endsWith(`.${domain}`);
    });
}

/** Whether an address is in a range like `10.0.0.0/8` or `fd00::/8`. */
function isInRange(host: string, range: string): boolean {
  const [, network = '', bits = ''] = /^\[?([^/\]]+)\]?\/(\d{1,3})$/.exec(range) ?? [];
  const family = isIP(network);
  const hostFamily = isIP(host);
  if (family === 0 || hostFamily === 0 || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const ranges = new BlockList();
  ranges.addSubnet(network, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return ranges.check(host, hostFamily === 4 ? 'ipv4' : 'ipv6');
}

/** Whether a string matches a pattern in which `*` stands for any characters. */
function matches(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || !text.slice(first.length).endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return at <= end;
}

function splitPort(entry: string): { readonly name: string; readonly port: string | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry);
  if (bracketed) return { name: bracketed[1] ?? '', port: bracketed[2] };
  const parts = entry.split(':');
  // More than one colon means an IPv6 address without brackets.
  if (parts.length !== 2) return { name: entry, port: undefined };
  return { name: parts[0] ?? '', port: parts[1] };
}

function bare(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
