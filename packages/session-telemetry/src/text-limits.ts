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
  // If the window splits a surrogate pair, the half counts three bytes and no longer fits.
  const window = text.length > maxBytes ? text.slice(0, maxBytes) : text;
  if (window.length === text.length && utf8Bytes(window) <= maxBytes) return text;
  let bytes = 0;
  let end = 0;
  while (end < window.length) {
    const code = window.codePointAt(end) ?? 0;
    const units = code > 0xffff ? 2 : 1;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > maxBytes) break;
    end += units;
  }
  return text.slice(0, end);
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
  let pairs = 0;
  for (let index = 0; index < text.length - 1; index += 1) {
    if (isHighSurrogate(text, index) && isLowSurrogate(text, index + 1)) {
      pairs += 1;
      index += 1;
    }
  }
  return text.length - pairs;
}

/** Number of lines; a final line break does not begin another. */
export function lineCount(text: string): number {
  if (text === '') return 0;
  let lines = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function isHighSurrogate(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800;
}

function isLowSurrogate(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xdc00;
}
