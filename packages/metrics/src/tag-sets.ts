import { validateTag, validateTags } from './metric-validation.ts';
import { isMetricsError, MetricsError } from './metrics-error.ts';
import type { Tags } from './metrics-sink.ts';

/** How many spellings of tag sets are remembered before those without a live series are forgotten. */
const defaultCapacity = 10_000;

/**
 * Gives one frozen object for all tags of the same content, with the defaults merged in and the keys sorted. Series can
 * then be keyed by identity, and each set is validated once: frozen tags are recognised by their identity, new objects
 * by one look-up for each of their values.
 */
export class TagSets {
  readonly #defaults: Tags;
  readonly #live: () => Iterable<object>;
  #capacity: number;
  #byIdentity = new WeakMap<Tags, Tags>();
  /** The tags that were last recognised by their identity, and their set. The next call often passes the same tags. */
  #last: Tags | undefined;
  #lastSet: Tags;
  #byContent = new Map<string, Tags>();
  #root: Branch = {};
  #remembered = 0;

  /**
   * @param live - The sets that series are keyed by; they keep their identity when the rest is forgotten.
   * @throws {@link MetricsError} EMPTY_TAG_COMPONENT, INVALID_TAG_COMPONENT for a bad default.
   */
  constructor(defaults: Tags, live: () => Iterable<object>, capacity: number = defaultCapacity) {
    validateTags(defaults);
    this.#defaults = this.#canonical({ ...defaults });
    this.#lastSet = this.#defaults;
    this.#live = live;
    this.#capacity = capacity;
  }

  /** @throws {@link MetricsError} EMPTY_TAG_COMPONENT, INVALID_TAG_COMPONENT for the first bad tag. */
  resolve(tags: Tags | undefined): Tags {
    // At first `#last` is undefined, and its set is the defaults.
    if (tags === this.#last) return this.#lastSet;
    if (tags === undefined) return this.#defaults;
    const known = this.#byIdentity.get(tags);
    if (known === undefined) return this.#byValue(tags);
    this.#last = tags;
    this.#lastSet = known;
    return known;
  }

  /** Tags that are not an object, or cannot be read, are invalid too. */
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
    // Not Object.keys: its array would be half of the cost of a call.
    for (const key in tags) {
      branch = followed(branch, key, tags[key]);
      if (branch === undefined) return this.#remember(tags);
    }
    if (branch.tags === undefined) return this.#remember(tags);
    if (isPlainFrozen(tags)) this.#byIdentity.set(tags, branch.tags);
    return branch.tags;
  }

  /** Checks tags that are seen for the first time, and remembers the path to their set. */
  #remember(tags: Tags): Tags {
    const keys = Object.keys(tags);
    for (const key of keys) validateTag(key, tags[key]);
    if (this.#remembered >= this.#capacity) this.#forget();
    const canonical = this.#canonical({ ...this.#defaults, ...tags });
    this.#pave(tags, keys.length, canonical);
    return canonical;
  }

  /** Remembers the path to a set, unless some keys are inherited: they are not tags but would be on the path. */
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
    // A valid tag has no '=' and no line feed, so different sets give different strings.
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
    this.#last = undefined;
    this.#lastSet = this.#defaults;
    this.#root = {};
    this.#byContent = new Map([...this.#byContent].filter(([, tags]) => live.has(tags)));
    this.#remembered = 0;
    // With many live series, not every new one must cause another clean-up.
    this.#capacity = Math.max(this.#capacity, 2 * live.size);
  }
}

/**
 * A node in the tree of tags: what may follow after some tags of a set. It is usually one key with its values; further
 * keys after the same tags are in `next`.
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

/** Whether the tags can be recognised by identity: they are frozen and have no getters. */
function isPlainFrozen(tags: Tags): boolean {
  return (
    Object.isFrozen(tags) &&
    Object.values(Object.getOwnPropertyDescriptors(tags)).every((property) => 'value' in property)
  );
}
