import { validateTag, validateTags } from './metric-validation.ts';
import { isMetricsError, MetricsError } from './metrics-error.ts';
import type { Tags } from './metrics-sink.ts';

/** How many ways of writing tags are remembered before those without a living series are forgotten. */
const defaultCapacity = 10_000;

/**
 * Gives one frozen object for all tags of the same content, defaults merged in, keys in order. Series can then
 * be kept by identity, and validation is paid once: frozen tags are recognised by themselves, fresh ones by one
 * look-up for each of their values.
 */
export class TagSets {
  readonly #defaults: Tags;
  readonly #live: () => Iterable<object>;
  #capacity: number;
  #byIdentity = new WeakMap<Tags, Tags>();
  #byContent = new Map<string, Tags>();
  #root: Branch = {};
  #remembered = 0;

  /**
   * @param live - The sets in use as keys of series: they keep their identity when the rest is forgotten.
   * @throws {@link MetricsError} EMPTY_TAG_COMPONENT, INVALID_TAG_COMPONENT for a bad default.
   */
  constructor(defaults: Tags, live: () => Iterable<object>, capacity: number = defaultCapacity) {
    validateTags(defaults);
    this.#defaults = this.#canonical({ ...defaults });
    this.#live = live;
    this.#capacity = capacity;
  }

  /** @throws {@link MetricsError} EMPTY_TAG_COMPONENT, INVALID_TAG_COMPONENT for the first bad tag. */
  resolve(tags: Tags | undefined): Tags {
    if (tags === undefined) return this.#defaults;
    return this.#byIdentity.get(tags) ?? this.#byValue(tags);
  }

  /** What cannot be read at all, or is no object, breaks the rule for tags too. */
  #byValue(tags: Tags): Tags {
    try {
      if (typeof tags === 'object' && tags !== null) return this.#found(tags);
    } catch (error) {
      if (isMetricsError(error)) throw error;
    }
    throw new MetricsError('INVALID_TAG_COMPONENT', 'tags are not an object that can be read');
  }

  #found(tags: Tags): Tags {
    let branch: Branch | undefined = this.#root;
    // Not Object.keys, whose array would be half of the cost of a call.
    for (const key in tags) {
      branch = followed(branch, key, tags[key]);
      if (branch === undefined) return this.#remember(tags);
    }
    if (branch.tags === undefined) return this.#remember(tags);
    if (isPlainFrozen(tags)) this.#byIdentity.set(tags, branch.tags);
    return branch.tags;
  }

  /** Checks tags seen for the first time and keeps the way to their set. */
  #remember(tags: Tags): Tags {
    const keys = Object.keys(tags);
    for (const key of keys) validateTag(key, tags[key]);
    if (this.#remembered >= this.#capacity) this.#forget();
    const canonical = this.#canonical({ ...this.#defaults, ...tags });
    this.#pave(tags, keys.length, canonical);
    return canonical;
  }

  /** Keeps the way to a set; not where keys are inherited, which are no tags but would lie on the way. */
  #pave(tags: Tags, ownKeys: number, canonical: Tags): void {
    const way: string[] = [];
    for (const key in tags) way.push(key);
    if (way.length !== ownKeys) return;
    const end = way.reduce((branch, key) => grown(branch, key, tags[key] ?? ''), this.#root);
    end.tags = canonical;
    this.#remembered += 1;
  }

  #canonical(tags: Readonly<Record<string, string>>): Tags {
    const entries = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
    // Neither '=' nor a line feed can stand in a valid tag, so different contents give different texts.
    const content = entries.map(([key, value]) => `${key}=${value}`).join('\n');
    const known = this.#byContent.get(content);
    if (known !== undefined) return known;
    const canonical = Object.freeze(Object.fromEntries(entries));
    this.#byContent.set(content, canonical);
    return canonical;
  }

  #forget(): void {
    const live = new Set(this.#live()).add(this.#defaults);
    this.#byIdentity = new WeakMap();
    this.#root = {};
    this.#byContent = new Map([...this.#byContent].filter(([, tags]) => live.has(tags)));
    this.#remembered = 0;
    // Many living series must not make every new one pay for another clean-up.
    this.#capacity = Math.max(this.#capacity, 2 * live.size);
  }
}

/**
 * What follows after some tags of a set: usually one key, with its values. Further keys after the same tags hang
 * on `next`.
 */
interface Branch {
  key?: string;
  values?: Map<string, Branch>;
  next?: Branch;
  tags?: Tags;
}

function followed(from: Branch, key: string, value: string | undefined): Branch | undefined {
  let branch: Branch | undefined = from;
  while (branch !== undefined && branch.key !== key) branch = branch.next;
  return value === undefined ? undefined : branch?.values?.get(value);
}

function grown(from: Branch, key: string, value: string): Branch {
  let branch = from;
  while (branch.key !== undefined && branch.key !== key) {
    branch.next ??= {};
    branch = branch.next;
  }
  branch.key = key;
  branch.values ??= new Map();
  const known = branch.values.get(value);
  if (known !== undefined) return known;
  const leaf: Branch = {};
  branch.values.set(value, leaf);
  return leaf;
}

/** Whether the tags can be recognised by identity: frozen, and no getter whose answer may change. */
function isPlainFrozen(tags: Tags): boolean {
  return (
    Object.isFrozen(tags) &&
    Object.values(Object.getOwnPropertyDescriptors(tags)).every((property) => 'value' in property)
  );
}
