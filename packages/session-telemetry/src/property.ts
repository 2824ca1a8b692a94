/** Reads one property of anything; a getter that throws counts as absent. */
export function property(value: unknown, key: string): unknown {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return undefined;
  try {
    return Reflect.get(value, key);
  } catch {
    return undefined;
  }
}

/** The first item of a property that should be a list. */
export function firstItem(value: unknown, key: string): unknown {
  const list = property(value, key);
  return Array.isArray(list) ? list[0] : undefined;
}

/** Reads a property that should be a string; anything else counts as absent. */
export function textProperty(value: unknown, key: string): string | undefined {
  const text = property(value, key);
  return typeof text === 'string' ? text : undefined;
}
