/**
 * A TOML text with only those statements whose first key passes `isWanted`. The others become line breaks, so that the
 * parser's line numbers stay correct.
 *
 * For large files, of which only a small part is needed: parsing a hostile one of a few megabytes takes seconds and a
 * gigabyte of memory. It only looks for the ends of strings, brackets and lines; the parser checks the syntax.
 */
export function tomlStatements(text: string, isWanted: (key: string) => boolean): string {
  const parts: string[] = [];
  let isInWantedTable = false;
  let isRoot = true;
  for (let at = 0; at < text.length; ) {
    const end = statementEnd(text, at);
    const statement = text.slice(at, end);
    const [, bracket, key] = STATEMENT.exec(statement) ?? [];
    if (bracket === '[') {
      isRoot = false;
      isInWantedTable = isWanted(bareKey(key));
    }
    const isKept = key !== undefined && (isRoot ? isWanted(bareKey(key)) : isInWantedTable);
    // An unclosed statement may contain our table: the parser must see it, to report where it starts.
    const isUnfinished = end > text.length;
    parts.push(isKept ? statement : isUnfinished ? statement.slice(0, 200) : statement.replace(/[^\n]+/g, ''));
    at = end;
  }
  return parts.join('');
}

/** The bracket of a table's header, if it is one, and the first part of the key. */
const STATEMENT = /^\u{feff}?[ \t]*(\[)?\[?[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[\w-]+)/u;

function bareKey(key = ''): string {
  if (!key.startsWith('"')) return key.replaceAll("'", '');
  // TOML's longer escapes are too rare to support here.
  return key
    .slice(1, -1)
    .replace(/\\(?:u([\da-f]{4})|(.))/gi, (_, hex, other) =>
      hex ? String.fromCharCode(Number.parseInt(hex, 16)) : other,
    );
}

const BREAKS = /["'#\n[\]{}]/g;

/**
 * The end of the statement that begins at `start`: after the first line break outside of strings and brackets; beyond
 * the end of the text if one of these is not closed.
 */
function statementEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; ; ) {
    BREAKS.lastIndex = at;
    const found = BREAKS.exec(text);
    if (found === null) return Math.max(at, depth > 0 ? text.length + 1 : text.length);
    at = found.index + 1;
    switch (found[0]) {
      case '"':
      case "'":
        at = stringEnd(text, found.index);
        break;
      case '#':
        at = indexOrEnd(text, '\n', at);
        break;
      case '\n':
        if (depth <= 0) return at;
        break;
      case '[':
      case '{':
        depth += 1;
        break;
      default:
        depth -= 1;
    }
  }
}

/** The place after a string; one that is not closed ends with its line, or beyond the text. */
function stringEnd(text: string, start: number): number {
  const quote = text.charAt(start);
  const isLong = text.startsWith(quote.repeat(3), start);
  const mark = isLong ? quote.repeat(3) : quote;
  let at = start + mark.length;
  while (at < text.length) {
    if (text.startsWith(mark, at)) {
      at += mark.length;
      // One or two quotes may precede the closing three.
      while (isLong && text.charAt(at) === quote) at += 1;
      return at;
    }
    if (!isLong && text.charAt(at) === '\n') return at;
    at += quote === '"' && text.charAt(at) === '\\' ? 2 : 1;
  }
  return text.length + (isLong ? 1 : 0);
}

function indexOrEnd(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at;
}
