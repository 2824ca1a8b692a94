import { types } from 'node:util';
import fc from 'fast-check';
import { dataValues, mutations, OwnError, spoiled, wildValues } from './wild-values.ts';

/** What a call may throw or reject with. */
export type Allowed = (error: unknown) => boolean;

/** How one function or method is called: with good arguments first, which the test then spoils. */
export interface HostileCall {
  readonly args: () => readonly unknown[];
  /** @defaultValue nothing */
  readonly allowed?: Allowed | undefined;
  /** Combines the spoiled arguments with those that stay valid. @defaultValue all are spoiled */
  readonly call?: ((spoiled: readonly unknown[]) => readonly unknown[]) | undefined;
  /** Whether only values are used that JSON, headers or a TOML file can contain. @defaultValue `false` */
  readonly data?: boolean | undefined;
  /** @defaultValue `150` */
  readonly runs?: number | undefined;
}

export const nothing: Allowed = () => false;
/**
 * The error of the language itself for a value that is not an object or cannot be read. Allowed before anything runs.
 */
export const unreadable: Allowed = (error) =>
  types.isNativeError(error) && (error.name === 'TypeError' || error instanceof OwnError);

/** Calls and awaits the result; only the allowed errors may be thrown. */
export async function survives(call: () => unknown, allowed: Allowed = nothing): Promise<void> {
  try {
    const result = call();
    if (types.isPromise(result)) await result;
  } catch (error) {
    if (!allowed(error)) throw error;
  }
}

/** Calls the function with spoiled arguments, many times. */
export async function attack(
  call: (args: readonly unknown[]) => unknown,
  { args, allowed, call: whole = (given) => given, data = false, runs = 150 }: HostileCall,
): Promise<void> {
  const values = data ? dataValues : wildValues;
  await survives(() => call(whole(args())), allowed);
  await survives(() => call(whole([])), allowed);
  await fc.assert(
    fc.asyncProperty(mutations, async (plan) => {
      await survives(() => call(whole(spoiled(args(), plan, values))), allowed);
    }),
    { numRuns: runs, endOnFailure: false },
  );
}

/** Names of the functions that a module exports, classes among them. */
export function functionNames(module: object): readonly string[] {
  return Object.entries(module)
    .filter(([, value]) => typeof value === 'function')
    .map(([name]) => name)
    .sort();
}

/** Names of the methods of an object, including inherited ones; symbols by their description. */
export function methodNames(object: object): readonly string[] {
  const names = new Set<string>();
  for (
    let from: object | null = object;
    from !== null && from !== Object.prototype;
    from = Object.getPrototypeOf(from)
  ) {
    for (const key of Reflect.ownKeys(from)) {
      if (key === 'constructor') continue;
      if (typeof Reflect.get(object, key) === 'function')
        names.add(typeof key === 'symbol' ? `@@${key.description}` : key);
    }
  }
  return [...names].sort();
}

/** What hostile input must not change. */
export function prototypes(): string {
  const named = [
    Object.prototype,
    Array.prototype,
    Function.prototype,
    String.prototype,
    Error.prototype,
    Map.prototype,
  ];
  return JSON.stringify(named.map((prototype) => Reflect.ownKeys(prototype).map(String)));
}
