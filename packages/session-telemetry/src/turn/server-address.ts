/** The default ports of the schemes that models and MCP servers are reached by. */
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ws:': 80, 'wss:': 443 };

/** Host and port of a server. */
export interface ServerAddress {
  readonly address: string;
  /** Absent if the URL has none, and its scheme no default. */
  readonly port: number | undefined;
}

/** Takes host and port from a URL, and nothing else of it: a URL may hold a key. `undefined` if there is no host. */
export function serverAddress(url: unknown): ServerAddress | undefined {
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
  const { protocol, hostname, port } = new URL(url);
  if (hostname === '') return undefined;
  return { address: hostname, port: port === '' ? DEFAULT_PORTS[protocol] : Number(port) };
}
