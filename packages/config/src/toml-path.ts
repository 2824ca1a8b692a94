/** A TOML key as it would be written, such as `otel.span_attributes."a.b"`. */
export function tomlPath(keys: readonly string[]): string {
  return keys.map((key) => (/^[\w-]{1,80}$/.test(key) ? key : JSON.stringify(key.slice(0, 80)))).join('.');
}
