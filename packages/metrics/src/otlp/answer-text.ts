import { oneLine } from '@codex-otel/config';

/** Longer than what is shown of an answer; the rest is cut off first. */
const SEARCHED = 1200;
/** A shorter part of a header's value cannot be distinguished from other text. */
const SHORTEST_SECRET = 6;

/** What a server says, as one line: without the values of our headers, which some servers repeat. */
export function answerText(text: string, secrets: readonly string[]): string {
  let line = text.slice(0, SEARCHED);
  for (const part of secrets.flatMap((secret) => [secret, ...secret.split(/\s+/)])) {
    if (part.length >= SHORTEST_SECRET) line = line.replaceAll(part, '***');
  }
  return oneLine(line);
}
