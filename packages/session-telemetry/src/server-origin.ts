/** Where an MCP server is, without the parts of a URL that hold secrets: user, password, query and fragment. */
export function withoutUrlSecrets(origin: string): string {
  if (!URL.canParse(origin)) return origin;
  const url = new URL(origin);
  if (url.username + url.password + url.search + url.hash === '') return origin;
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}
