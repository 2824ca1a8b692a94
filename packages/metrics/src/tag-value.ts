const longestTagValue = 256;

/** Names of clients that `codex.process.start` distinguishes; any other is `other`. */
const knownOriginators: ReadonlySet<string> = new Set([
  'codex_desktop',
  'codex-app-server',
  'codex_mcp_server',
  'codex_cli_rs',
  'codex-tui',
  'codex_vscode',
  'none',
  'codex_exec',
  'codex-cli',
  'codex_sdk_ts',
  'codex-app-server-sdk',
]);

/**
 * Makes any string a valid tag value: each forbidden character becomes `_`, underscores at both ends are removed, and
 * at most 256 characters are kept. Gives `unspecified` if no letter or digit is left, or if the value is not a string.
 */
export function sanitizeMetricTagValue(value: string): string {
  if (typeof value !== 'string') return 'unspecified';
  // With the flag u a surrogate pair is one character, so it becomes one underscore.
  const replaced = value.replace(/[^A-Za-z0-9._/-]/gu, '_');
  let start = 0;
  let end = replaced.length;
  while (start < end && replaced[start] === '_') start += 1;
  while (end > start && replaced[end - 1] === '_') end -= 1;
  const trimmed = replaced.slice(start, end);
  return /[A-Za-z0-9]/.test(trimmed) ? trimmed.slice(0, longestTagValue) : 'unspecified';
}

/** The sanitised name of a client if it is known, else `other`, so that the tag has a bounded set of values. */
export function boundedOriginatorTagValue(originator: string): string {
  const sanitized = sanitizeMetricTagValue(originator);
  return knownOriginators.has(sanitized) ? sanitized : 'other';
}
