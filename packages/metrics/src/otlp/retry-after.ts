/**
 * Reads a `Retry-After` header: seconds, or a date.
 *
 * @param nowUnixMillis - what a date is compared with
 * @returns milliseconds from now; `undefined` if the header is absent or not valid
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function parseRetryAfter(header: string | undefined, nowUnixMillis: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  // Date.parse accepts much more than HTTP's dates, even a bare number.
  if (!/^[A-Z][a-z]{2,8},? .{10,40}$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowUnixMillis);
}
