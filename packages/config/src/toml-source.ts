import { isNativeError } from 'node:util/types';
import { warn } from './diagnostics.ts';
import type { OtelConfigProblem } from './otel-config-error.ts';
import { OtelConfigError } from './otel-config-error.ts';
import type { PlainTable } from './plain-table.ts';
import { isTable, plainTable } from './plain-table.ts';
import { tomlPath } from './toml-path.ts';
import { tomlStatements } from './toml-statements.ts';

/** Larger than any table that people write; keeps hostile files cheap. Of a longer file only our tables are read. */
const MAX_TOML_LENGTH = 131_072;
/** Each part of a dotted key costs the parser several tables, so one line can cost more than a whole file. */
const MAX_DOTS = 8_192;
const MAX_DEPTH = 32;
/** More parts than any key of ours has. */
const MAX_KEY_PARTS = 16;
/** The tables of a configuration file that are ours. */
const OUR_TABLES: readonly string[] = ['otel', 'analytics'];
const STRAY_KEY = /^(?:(?:trace_|metrics_)?exporter|log_user_prompt)$/;
const SIMILAR_TABLE = /^(?:otel|open_?telemetry)$/i;

/** Reads the text of a file. */
export type ParseToml = (text: string) => PlainTable;

/** Reads TOML text; the parser loads with the first text. */
export async function loadTomlParser(): Promise<ParseToml> {
  const { parse } = await import('smol-toml');
  // A number elsewhere in the file that is too large for JavaScript must not fail it.
  return (text) => parse(text, { maxDepth: MAX_DEPTH, integersAsBigInt: 'asNeeded' });
}

/**
 * A copy of the tables of a configuration that are ours.
 *
 * @param source - TOML text, or its parsed form: a table that contains `otel`.
 * @param name - Name of the source in messages.
 */
export function ourTables(source: unknown, name: string, parse: ParseToml): PlainTable {
  const table = typeof source === 'string' ? parsedToml(source, name, parse) : (source ?? {});
  if (!isTable(table)) throw new OtelConfigError({ path: 'otel', message: `${name} is neither TOML text nor a table` });
  warnAboutStrayKeys(table, name);
  const ours: PlainTable = Object.create(null);
  for (const key of OUR_TABLES) {
    if (!Object.hasOwn(table, key)) continue;
    const value: unknown = Object.getOwnPropertyDescriptor(table, key)?.value;
    if (value !== undefined) ours[key] = isTable(value) ? plainTable(value, [key]) : value;
  }
  return ours;
}

/** Warns about keys of the `[otel]` table at the top of the file, and about the table in other letter case. */
function warnAboutStrayKeys(source: Readonly<Record<string, unknown>>, name: string): void {
  for (const key of Object.keys(source)) {
    if (STRAY_KEY.test(key)) {
      warn({ path: key, message: `ignored, it is outside of [otel] in ${name}` });
    } else if (key !== 'otel' && SIMILAR_TABLE.test(key)) {
      warn({ path: key, message: "unknown table, ignored; did you mean 'otel'?" });
    }
  }
}

/** Parses a file. Its text never gets into the error: it holds keys and tokens. */
function parsedToml(whole: string, name: string, parse: ParseToml): PlainTable {
  const text = isTooMuch(whole) ? ourStatements(whole) : whole;
  const length = text === whole ? whole.length : text.replace(/\n+/g, '\n').length;
  if (length > MAX_TOML_LENGTH) throw tooMuch(name, `is longer than ${MAX_TOML_LENGTH} characters`);
  if (hasMoreDots(text, MAX_DOTS)) throw tooMuch(name, `has more than ${MAX_DOTS} dots`);
  try {
    return parse(text.startsWith('\u{feff}') ? text.slice(1) : text);
  } catch (error) {
    const message = `${name} is not valid TOML: ${tomlReason(error)}; nothing in it is used until that is corrected`;
    throw new OtelConfigError({ path: 'otel', message });
  }
}

function isTooMuch(text: string): boolean {
  return text.length > MAX_TOML_LENGTH || hasMoreDots(text, MAX_DOTS);
}

function tooMuch(name: string, excess: string): OtelConfigError {
  return new OtelConfigError({ path: 'otel', message: `the [otel] table of ${name} ${excess}; shorten it` });
}

/** The parts of a file that are ours or meant for us, including misplaced keys and tables with a similar name. */
function ourStatements(text: string): string {
  return tomlStatements(text, (key) => OUR_TABLES.includes(key) || STRAY_KEY.test(key) || SIMILAR_TABLE.test(key));
}

function hasMoreDots(text: string, most: number): boolean {
  let count = 0;
  for (let at = text.indexOf('.'); at !== -1; at = text.indexOf('.', at + 1)) count += 1;
  return count > most;
}

/** The parser's reason and place, without the lines of the file that its message repeats. */
function tomlReason(error: unknown): string {
  if (!isNativeError(error)) return 'it cannot be parsed';
  const { line, column } = error as { line?: unknown; column?: unknown };
  const place = typeof line === 'number' && typeof column === 'number' ? ` (line ${line}, column ${column})` : '';
  const [, reason = 'it cannot be parsed'] = /^Invalid TOML document: ([a-z -]+)/.exec(error.message) ?? [];
  return `${reason.trim()}${place}`;
}

/**
 * Puts command-line overrides (`otel.key=value`) into a table. A value is TOML; what is not valid TOML is a
 * string. Overrides of other tables are ignored.
 */
export function applyOverrides(table: PlainTable, overrides: readonly string[], parse: ParseToml): OtelConfigProblem[] {
  const problems: OtelConfigProblem[] = [];
  for (const override of overrides) {
    const parsed = splitOverride(override);
    if (parsed === undefined) {
      const [, table] = /^\s*(otel|analytics)\b/.exec(override) ?? [];
      if (table !== undefined) problems.push({ path: table, message: "an override is not of the form 'key=value'" });
      continue;
    }
    if (!OUR_TABLES.includes(parsed.keys[0] ?? '')) continue;
    const { keys, value } = parsed;
    // An invalid key may contain the value, for instance after a colon.
    const odd = keys.findIndex((key) => !/^[\w-]+$/.test(key));
    const path = tomlPath(odd === -1 ? keys : keys.slice(0, odd));
    if (value === undefined) problems.push({ path, message: "the override has no value, expected 'key=value'" });
    else if (keys.length > MAX_KEY_PARTS)
      problems.push({ path, message: 'the key of the override has too many parts' });
    else setAt(table, keys, overrideValue(value, parse));
  }
  return problems;
}

interface Override {
  readonly keys: readonly string[];
  readonly value: string | undefined;
}

/** One dotted key, its parts bare or quoted, up to the first `=` outside of quotes. */
function splitOverride(override: string): Override | undefined {
  const match =
    /^\s*((?:[^\s."'=]+|"(?:[^"\\]|\\.)*"|'[^']*')(?:\s*\.\s*(?:[^\s."'=]+|"(?:[^"\\]|\\.)*"|'[^']*'))*)\s*(?:=(.*))?$/s.exec(
      override.slice(0, MAX_TOML_LENGTH),
    );
  const key = match?.[1];
  if (key === undefined) return undefined;
  const keys = [...key.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s."']+)/g)].map(
    ([, double, single, bare]) => double?.replace(/\\(.)/g, '$1') ?? single ?? bare ?? '',
  );
  return { keys, value: match?.[2] };
}

function overrideValue(text: string, parse: ParseToml): unknown {
  try {
    const table = parsedToml(`value = ${text}`, 'the override', parse);
    if (Object.keys(table).length === 1) return isTable(table.value) ? plainTable(table.value, ['otel']) : table.value;
  } catch {
    // Not TOML: a bare word, since shells remove the quotes.
  }
  return text.trim();
}

function setAt(table: PlainTable, keys: readonly string[], value: unknown): void {
  let parent = table;
  for (const key of keys.slice(0, -1)) {
    const next = parent[key];
    const child: PlainTable = isTable(next) ? next : Object.create(null);
    parent[key] = child;
    parent = child;
  }
  const last = keys.at(-1);
  if (last !== undefined) parent[last] = value;
}
