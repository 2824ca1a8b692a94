/** The keys of an object that have a value. */
export type Present<T extends object> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The same object without the keys that have no value. */
export function present<T extends object>(values: T): Present<T>;
export function present(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
