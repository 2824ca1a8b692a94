import fc from 'fast-check';

/** Text that must never be on a span, such as the words of a user or a tool. It has spaces, as sentences do. */
export const CONTENT = 'the private words of the user 4711';
/** A key that must never be sent or reported. */
export const SECRET = 'sk-topsecret-0123456789abcdef';

/** Thrown by getters, traps and callbacks of the values below. */
export class OwnError extends Error {
  override readonly name = 'OwnError';
}

function refuse(): never {
  throw new OwnError(CONTENT);
}

const circular: Record<string, unknown> = {};
circular.self = circular;
circular.list = [circular];

const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const revokedFunction = Proxy.revocable(() => undefined, {});
revokedFunction.revoke();

/** Every trap throws. */
const refusing = new Proxy(() => undefined, {
  get: refuse,
  has: refuse,
  ownKeys: refuse,
  getOwnPropertyDescriptor: refuse,
  getPrototypeOf: refuse,
  apply: refuse,
  set: refuse,
  defineProperty: refuse,
});

/** Every property exists, and is this object again. */
const bottomless: object = new Proxy({}, { get: (_target, key) => (key === 'then' ? undefined : bottomless) });

const polluting: unknown = JSON.parse(
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"prototype":{"polluted":true}}',
);

/** Anything that JavaScript lets a caller pass. */
export const wildValues: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  -1,
  1.5,
  2 ** 53,
  Number.MAX_VALUE,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  10n ** 30n,
  Symbol('wild'),
  Symbol.iterator,
  '',
  ' ',
  'text',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '\0',
  'a\r\nX-Injected: 1',
  'a\nforged line',
  '\ud800',
  '\udfff\ud800',
  '\u2028\u0085',
  'ä€😀',
  `$${'{HOME}'}`,
  '%s%n%o',
  '='.repeat(300),
  'a,b=c;d',
  'x'.repeat(100_000),
  [],
  [undefined],
  [null, 1, 'a', {}],
  ['__proto__'],
  new Array(3),
  new Array(100_000).fill('x'),
  {},
  Object.create(null),
  Object.freeze({ a: 1 }),
  polluting,
  circular,
  revoked,
  revokedFunction.proxy,
  refusing,
  bottomless,
  () => 1,
  refuse,
  async () => undefined,
  class Wild {},
  new Date(Number.NaN),
  new Date(8.64e15),
  /wild/g,
  new Map([['__proto__', 'x']]),
  new Set([1]),
  new WeakMap(),
  new Uint8Array([0, 255, 128]),
  new ArrayBuffer(8),
  new Error(CONTENT),
  Object.assign(new Error(CONTENT), { name: CONTENT, code: CONTENT, type: CONTENT, status: CONTENT }),
  Object.assign(Object.create(null), { message: CONTENT }),
  { toString: refuse, valueOf: refuse, toJSON: refuse, [Symbol.toPrimitive]: refuse },
  { toString: () => CONTENT, [Symbol.toPrimitive]: () => CONTENT },
  Object.defineProperty({}, 'then', { get: refuse }),
  {
    get [Symbol.iterator]() {
      return refuse();
    },
    get [Symbol.asyncIterator]() {
      return refuse();
    },
  },
  { length: 2 ** 32, 0: 'a' },
  { setValue: 1, getValue: 1, deleteValue: 1 },
  { traceId: '\r\n', spanId: 5, traceFlags: 'x' },
  {
    spanContext: refuse,
    isRecording: refuse,
    setAttribute: refuse,
    setAttributes: refuse,
    addEvent: refuse,
    end: refuse,
  },
  { aborted: true, addEventListener: refuse, removeEventListener: refuse },
  { status: 'failed', error: refuse },
  { kind: '__proto__' },
  {
    get kind() {
      return refuse();
    },
    get name() {
      return refuse();
    },
    get message() {
      return refuse();
    },
    get type() {
      return refuse();
    },
    get endTime() {
      return refuse();
    },
    get parent() {
      return refuse();
    },
  },
];

/** Those that JSON, headers, environments and configuration files can hold. */
export const dataValues: readonly unknown[] = wildValues.filter(
  (value) => value === undefined || ['string', 'number', 'boolean'].includes(typeof value) || isPlain(value),
);

function isPlain(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== 'object' || [circular, revoked, bottomless].includes(value)) return false;
  if (Array.isArray(value)) return value.every((part) => typeof part !== 'object' || isPlain(part));
  const properties = Object.getOwnPropertyDescriptors(value);
  return (
    Object.getPrototypeOf(value) === Object.prototype &&
    Reflect.ownKeys(properties).every((key) => typeof key === 'string' && key !== 'toString') &&
    Object.values(properties).every((property) => 'value' in property && typeof property.value !== 'function')
  );
}

/** One change of an argument list: the value at the end of the path becomes a wild value. */
interface Mutation {
  readonly arg: number;
  readonly path: readonly number[];
  readonly wild: number;
}

/**
 * Plans for spoiling arguments; see {@link spoiled}. Numbers only, since fast-check looks into what it makes and
 * some of the values throw then.
 */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    arg: fc.nat(7),
    path: fc.array(fc.nat(40), { maxLength: 2 }),
    wild: fc.nat(wildValues.length - 1),
  }),
  { minLength: 1, maxLength: 3 },
);

/** The arguments with the changes made: whole arguments, or parts of them. */
export function spoiled(
  args: readonly unknown[],
  plan: readonly Mutation[],
  values: readonly unknown[] = wildValues,
): unknown[] {
  const changed = [...args];
  for (const { arg, path, wild } of plan) {
    const at = arg % (args.length + 1);
    changed[at] = replaced(changed[at], path, values[wild % values.length]);
  }
  return changed;
}

/** Only what the test made: class instances and the wild values themselves stay whole. */
function replaced(value: unknown, [first, ...rest]: readonly number[], wild: unknown): unknown {
  if (first === undefined || wildValues.includes(value)) return wild;
  if (Array.isArray(value)) {
    const copy = [...value];
    const index = first % (copy.length + 1);
    copy[index] = replaced(copy[index], rest, wild);
    return copy;
  }
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return wild;
  const keys = [...Object.keys(value), '__proto__', 'constructor'];
  const key = keys[first % keys.length] ?? '__proto__';
  const copy: object = { ...value };
  const property = { value: replaced(Reflect.get(value, key), rest, wild), enumerable: true, configurable: true };
  return Object.defineProperty(copy, key, { ...property, writable: true });
}
