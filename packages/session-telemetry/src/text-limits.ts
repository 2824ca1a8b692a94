import { Buffer } from 'node:buffer';

/** Replaces content that the settings withhold. */
export const REDACTED = '[REDACTED]';

/** The end of a truncated preview. */
export const TRUNCATION_NOTICE = '[... telemetry preview truncated ...]';

/** Size of a text in UTF-8 bytes. */
export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** The longest beginning of a text that fits, without splitting a character. */
export function utf8Prefix(text: string, maxBytes: number): string {
  // A UTF-16 unit takes one to three bytes, so most texts need no counting.
  if (text.length * 3 <= maxBytes) return text;
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(maxBytes)).read);
}

/** The part of a text that a log record shows, and whether it was truncated. */
export interface TextPreview {
  readonly text: string;
  readonly truncated: boolean;
}

/** Truncates a text to a number of UTF-8 bytes and adds a notice, which does not count towards the limit. */
export function textPreview(text: string, maxBytes: number): TextPreview {
  const prefix = utf8Prefix(text, maxBytes);
  if (prefix.length === text.length) return { text, truncated: false };
  const separator = prefix === '' || prefix.endsWith('\n') ? '' : '\n';
  return { text: `${prefix}${separator}${TRUNCATION_NOTICE}`, truncated: true };
}

/** Number of Unicode characters: neither bytes nor UTF-16 units. */
export function characterCount(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}

/** Number of lines; a final line break does not begin another. */
export function lineCount(text: string): number {
  if (text === '') return 0;
  let lines = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
