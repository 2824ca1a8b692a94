import * as v from 'valibot';
import { configSchema, otelSchema } from './config-schema.ts';
import type { ConfigTable } from './config-table.ts';
import type { OtelConfigProblem } from './otel-config-error.ts';
import type { PlainTable } from './plain-table.ts';
import { isTable } from './plain-table.ts';
import { shownText } from './redaction.ts';
import { closest, didYouMean } from './suggestion.ts';
import { tomlPath } from './toml-path.ts';

/** Tables whose bad entries are left out, with a warning, instead of failing the file. */
const LENIENT_TABLES: readonly string[] = ['span_attributes', 'tracestate', 'resource_attributes'];
/** Keys whose value is never shown, wherever they are. */
const SECRET_KEYS: readonly string[] = ['headers', 'api_key', 'headers_helper'];
/** Valibot leaves these out of any record. */
const UNUSABLE_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype'];
/** At most this many unknown keys are reported: more are not typing errors. */
const MAX_UNKNOWN_KEYS = 20;
const SHOWN_LENGTH = 60;

/** The usable part of a table, and the reports about the rest. */
export interface Validated {
  /** Empty where there are problems. */
  readonly config: ConfigTable;
  readonly problems: readonly OtelConfigProblem[];
  readonly warnings: readonly OtelConfigProblem[];
}

/**
 * Checks a table and changes it: bad entries of lenient tables are removed.
 *
 * @param required - The table is a managed requirement: a bad entry fails it instead of being left out.
 */
export function validateConfig(table: PlainTable, required: boolean): Validated {
  const warnings: OtelConfigProblem[] = [];
  findUnknownKeys(configSchema, table, [], warnings);
  const lists: Fault[] = [];
  findLists(configSchema, table, [], lists);
  const first = v.safeParse(configSchema, table);
  // Valibot treats a list as a table; the keys it then reports as missing do not help.
  const faults = [...lists, ...(first.issues ?? []).map(faultOf).filter((fault) => !isWithin(fault, lists))];

  const problems = new Map<string, OtelConfigProblem>();
  for (const { keys, message } of faults) {
    const path = tomlPath(keys);
    // If one value breaks two rules, the first is enough.
    if (problems.has(path)) continue;
    if (required || !isLenient(keys)) problems.set(path, { path, message });
    else if (remove(table, keys) || !warnings.some((warning) => warning.path === path)) {
      warnings.push({ path, message: `left out: ${message}` });
    }
  }
  const last = faults.length === 0 ? first : v.safeParse(configSchema, table);
  const config = problems.size === 0 && last.success ? last.output : {};
  return { config, problems: [...problems.values()], warnings };
}

/** Something that is wrong with one value. */
interface Fault {
  readonly keys: readonly string[];
  readonly message: string;
}

function isWithin({ keys }: Fault, others: readonly Fault[]): boolean {
  return others.some((other) => other.keys.every((key, index) => key === keys[index]));
}

type Issue = v.BaseIssue<unknown>;

function faultOf(issue: Issue): Fault {
  const keys = keysOf(issue);
  return { keys, message: explain(issue, keys) };
}

function keysOf(issue: Issue): string[] {
  // List indexes are left out: a list is one value of the file.
  return (issue.path ?? []).filter(({ type }) => type !== 'array').map(({ key }) => String(key));
}

function isLenient(keys: readonly string[]): boolean {
  return keys.length > 2 && LENIENT_TABLES.includes(keys[1] ?? '');
}

/** Removes an entry; false if it was removed before. */
function remove(table: PlainTable, keys: readonly string[]): boolean {
  let parent: unknown = table;
  for (const key of keys.slice(0, -1)) parent = isTable(parent) ? parent[key] : undefined;
  const last = keys.at(-1);
  if (last === undefined || !isTable(parent) || !(last in parent)) return false;
  return Reflect.deleteProperty(parent, last);
}

function explain(issue: Issue, keys: readonly string[]): string {
  const name = keys.at(-1) ?? '';
  if (isMissingKey(issue)) {
    const schema = schemaAt(otelSchema, keys.slice(1), parentOf(issue));
    return `missing, expected ${messageOf(schema)}${meantInstead(name, issue)}`;
  }
  const { input, type } = issue;
  // Text where a table belongs may be any of the table's values.
  const isTableText = typeof input === 'string' && (type === 'object' || type === 'record');
  const secret = isTableText || keys.some((key) => SECRET_KEYS.includes(key));
  return `found ${shown(input, secret)}, expected ${issue.message}${secret ? '' : suggestion(issue)}`;
}

function isMissingKey(issue: Issue): boolean {
  return issue.type === 'object' && issue.path?.at(-1)?.origin === 'key';
}

/** The table in which a key is missing. */
function parentOf(issue: Issue): unknown {
  return issue.path?.at(-1)?.input;
}

/** An unknown key next to a missing one is probably the missing one, misspelled. */
function meantInstead(name: string, issue: Issue): string {
  const parent = parentOf(issue);
  const written = isTable(parent) ? Object.keys(parent).find((key) => closest(key, [name]) === name) : undefined;
  return written === undefined ? '' : `; '${written.slice(0, SHOWN_LENGTH)}' is not known, did you mean '${name}'?`;
}

function suggestion(issue: Issue): string {
  const { input } = issue;
  if (isTable(input) && 'endpoint' in input) return '; its settings need a table of their own, such as otlp-http';
  const [word, ...others] = isTable(input) ? Object.keys(input) : [input];
  if (typeof word !== 'string' || others.length > 0) return '';
  const allowed: readonly string[] = issue.message.match(/[a-z]+(?:-[a-z]+)*(?=')|[a-z]+(?:-[a-z]+)*(?= = )/g) ?? [];
  if (!allowed.includes(word)) return didYouMean(word, allowed);
  return isTable(input) ? '; it has no settings and no table' : '; it needs a table with its settings';
}

/** A value as it may stand in a message. */
function shown(value: unknown, secret: boolean): string {
  if (isTable(value)) {
    const keys = Object.keys(value).slice(0, 5);
    if (secret || keys.length === 0) return 'a table';
    return `a table with ${keys.map((key) => `'${key.slice(0, SHOWN_LENGTH)}'`).join(', ')}`;
  }
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  if (value === null) return 'null';
  if (typeof value === 'object') return 'an object';
  if (secret) return `a ${typeof value}`;
  if (typeof value === 'string') return shownText(value);
  return typeof value === 'function' ? 'a function' : String(value);
}

/** The parts of a valibot schema that lead to its children. */
interface SchemaNode {
  readonly type?: string;
  readonly message?: unknown;
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly wrapped?: unknown;
  readonly value?: unknown;
  readonly getter?: (input: unknown) => unknown;
}

/** The schema itself, without what makes it optional and with the branch that `input` takes. */
function unwrapped(schema: unknown, input: unknown): SchemaNode {
  let node: SchemaNode = typeof schema === 'object' && schema !== null ? schema : {};
  while (node.wrapped !== undefined || node.getter !== undefined) {
    const inner: unknown = node.wrapped ?? node.getter?.(input);
    node = typeof inner === 'object' && inner !== null ? inner : {};
  }
  return node;
}

function messageOf(node: SchemaNode): string {
  return typeof node.message === 'string' ? node.message : 'a value';
}

/** The schema of the last of `keys`, when the table around it is `parent`. */
function schemaAt(schema: unknown, keys: readonly string[], parent: unknown): SchemaNode {
  const outer = keys
    .slice(0, -1)
    .toReversed()
    .reduce<unknown>((inside, key) => ({ [key]: inside }), parent);
  let value: unknown = outer;
  let node = unwrapped(schema, value);
  for (const key of keys) {
    value = isTable(value) ? value[key] : undefined;
    node = unwrapped(node.entries?.[key] ?? node.value, value);
  }
  return node;
}

/** Finds lists and dates where a table is required. */
function findLists(
  schema: unknown,
  table: Readonly<Record<string, unknown>>,
  path: readonly string[],
  found: Fault[],
): void {
  const { entries, value: ofRecord } = unwrapped(schema, table);
  for (const [key, value] of Object.entries(table)) {
    const child = entries === undefined ? ofRecord : entries[key];
    if (child === undefined) continue;
    const node = unwrapped(child, value);
    const keys = [...path, key];
    if (isTable(value)) findLists(node, value, keys, found);
    else if (typeof value === 'object' && (node.entries !== undefined || node.type === 'record')) {
      found.push({ keys, message: `found ${shown(value, false)}, expected ${messageOf(node)}` });
    }
  }
}

function findUnknownKeys(schema: unknown, value: unknown, path: readonly string[], found: OtelConfigProblem[]): void {
  if (!isTable(value)) return;
  const node = unwrapped(schema, value);
  for (const [key, child] of Object.entries(value)) {
    if (found.length >= MAX_UNKNOWN_KEYS) return;
    const here = [...path, key];
    if (node.entries !== undefined && !Object.hasOwn(node.entries, key)) {
      found.push({
        path: tomlPath(here),
        message: `unknown key, ignored${didYouMean(key, Object.keys(node.entries))}`,
      });
    } else if (node.type === 'record' && UNUSABLE_KEYS.includes(key)) {
      found.push({ path: tomlPath(here), message: 'left out: this name cannot be used' });
    } else {
      findUnknownKeys(node.entries?.[key] ?? node.value, child, here, found);
    }
  }
}
