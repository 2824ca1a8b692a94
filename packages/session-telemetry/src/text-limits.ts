import { Buffer } from 'node:buffer';

/** Stands in for content that the settings keep back. */
export const REDACTED = '[REDACTED]';

/** Ends a preview that is not the whole text. */
export const TRUNCATION_NOTICE = '[... telemetry preview truncated ...]';

/** Size of a text in UTF-8 bytes. */
export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** The longest beginning of a text that fits, without a split character. */
export function utf8Prefix(text: string, maxBytes: number): string {
  // A UTF-16 unit takes one byte at least and three at most, so most texts need no counting.
  if (text.length * 3 <= maxBytes) return text;
  // Where the window cuts a pair in the middle, its half does not fit any more: it counts three bytes.
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

/** What a log record shows of a tool's output, and whether that is less than the whole. */
export interface TextPreview {
  readonly text: string;
  readonly truncated: boolean;
}

/** Cuts a text to a number of UTF-8 bytes and says so in the text; the notice comes on top of the limit. */
export function textPreview(text: string, maxBytes: number): TextPreview {
  const prefix = utf8Prefix(text, maxBytes);
  if (prefix.length === text.length) return { text, truncated: false };
  const separator = prefix === '' || prefix.endsWith('\n') ? '' : '\n';
  return { text: `${prefix}${separator}${TRUNCATION_NOTICE}`, truncated: true };
}

/** Number of Unicode characters, which is neither bytes nor UTF-16 units. */
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
