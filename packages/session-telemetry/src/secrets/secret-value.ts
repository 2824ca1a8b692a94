import type { SecretKind } from './secret-names.ts';

/** A part of a text. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** A quote, even if the text was put into JSON, HTML or a URL several times. Each time, the backslashes double and one is added. */
const quote = '(?:\\\\{0,256}["\'`]|\\\\{1,256}u00(?:22|27|60)|&quot;|&#39;|&#x27;|%22|%27)';
const singleQuote = "(?:\\\\{0,256}'|\\\\{1,256}u0027|&#39;|&#x27;|%27)";
const blank = '(?:[ \\t\\r\\n]|\\\\{1,256}[nrt]){0,8}';
const equals = '(?:=>|:=|[:=>]|\\\\{1,256}u003[aAdDeE]|%3[aAdD])';

/** The prefix of a string in Python or Rust. */
const stringPrefix = `(?:[rbfuRBFU]{1,2}(?=${quote}))?`;
/** What YAML can have before a value: a tag, an anchor, or the mark of a block. */
const yamlMark =
  '(?:(?:!!?[a-z]{1,20}|&[A-Za-z0-9_-]{1,40})[ \\t]{1,4}|[|>][+-]?\\d?(?=[ \\t]{0,4}(?:[\\r\\n]|\\\\{1,256}[nr])))';

/** What can stand between a name and its value. `flagged` is only for names on a command line. */
const gaps = {
  /** `name = value`, `"name": value`, `env['name'] = value`, `name: string = value`, `<name>value`, `name: |` and a line */
  assigned: sticky(
    `${quote}?\\]?${blank}${equals}${blank}(?:(?:string|str)${blank}=${blank}|${yamlMark}${blank}${blank})?${stringPrefix}`,
  ),
  /** `"name":"…","value":`, or `name: …` and `value:` on the next line, as in the environment of containers */
  paired: sticky(`${quote}?${blank},?${blank}(?:- )?${quote}?value${quote}?${blank}[:=]${blank}`, 'i'),
  /** `name(` and `"name",` */
  called: sticky(`(?:\\(|${quote}${blank},)${blank}${stringPrefix}`),
  /** `--name value` */
  flagged: sticky(`(?:[ \\t]{1,4}|${quote}${blank},${blank})`),
  given: sticky(`(?:[ \\t]{1,4}|=|${quote}${blank},${blank})`),
};

/** Places where a name is followed by its value, recognised by what precedes the name and separates the two. */
const places = [
  /** `machine host login user password value`, on one line or several. */
  {
    before:
      /\b(?:machine[ \t]{1,8}[^\s\\]{1,100}|default)(?:(?:\s|\\{1,16}[nrt]){1,8}(?:login|account)[ \t]{1,8}[^\s\\]{1,100}){0,2}(?:\s|\\{1,16}[nrt]){1,8}password$/,
    gap: sticky('(?:[ \\t\\r\\n]|\\\\{1,256}[nrt]){1,8}'),
  },
  /** `set -gx NAME value`, `setx NAME value`, `aws configure set name value`, `ENV NAME value` */
  { before: /\b(?:set|setx|setenv|ENV)(?:[ \t]{1,4}-[a-zA-Z]{1,8}){0,3}[ \t]{1,4}[^\s"'`]{1,80}$/, gap: gaps.flagged },
  /** `ALTER ROLE name WITH PASSWORD 'value'`, `CREATE USER name IDENTIFIED BY 'value'` */
  {
    before: /\b(?:create|alter|grant)\b[^;]{0,60}\b(?:user|role|to)\b[^;]{0,120}[ \t](?:password|identified by)$/i,
    gap: sticky(`[ \\t]{1,4}(?=${singleQuote})`),
  },
  /** A field of a multipart form. */
  {
    before: /form-data; name=(?:\\{0,256}"|\\{1,256}u0022)[\w.-]{1,60}$/,
    gap: sticky(`${quote}(?:[\\r\\n]|\\\\{1,256}[nr]){2,8}`),
  },
] as const;

/** Names that are followed by a secret even if it looks like a word: a variable in capitals, or a part of a connection string. */
const assignedAlone = /(?:(?<![A-Za-z0-9_])[A-Z][A-Z0-9_]*|;[ \t]?[A-Za-z]+)$/;
const plainWord = /^(?:undefined|string|required|optional|changed|redacted)$/i;

const openingQuote = sticky(quote);
const keyEnd = sticky(`${quote}\\s{0,4}:`);
/** Ends where the next parameter of a URL begins. */
const plainValue = sticky('(?:(?!&[A-Za-z_-]{1,40}=)[A-Za-z0-9+/_=.~!@#%^&*$-]){1,512}');
/** The scheme in a header, and the value after it up to the next blank. */
const scheme = sticky('(?:(?:bearer|basic|token|digest|negotiate|ntlm|apikey|key|aws4-hmac-sha256)[ \\t]{1,4})?', 'i');
const headerValue = sticky('[^\\s"\'`\\\\,;$<{[][^\\s"\'`\\\\,;]{7,4095}');
const cookieValue = sticky('[^\\s=;"\'`\\\\]{1,128}=[^\\r\\n"\'`\\\\]{1,4096}');
const bearerValue = sticky('[ \\t](?=[^\\s"\']{0,200}\\d)[A-Za-z0-9._~+/-]{16,4096}={0,2}');
const userAndPassword = sticky('[^\\s:"\'`\\\\]{1,128}:([^\\s"\'`\\\\$<{][^\\s"\'`\\\\]{0,255})');

const privateKeyBegin = sticky(' [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----');
const privateKeyEnd = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const webhookPath = sticky('\\\\{0,8}/(?:services|workflows|triggers|api/webhooks/\\d{1,30}|webhookb2)\\\\{0,8}/');
const webhookSecret = sticky('[A-Za-z0-9/_@-]{20,300}');

/** What only stands for a secret: a variable, a placeholder, a look-up. */
const placeholder =
  /^(?:[$%*]|\[REDACTED\]|<[^>]*>$|\{[^}]*\}+$|\[[^\]]*\]+$|\([^)]*\)$|x{4,}|\.{3}|process\.|os\.|env\.|import\.|your[_-]|changeme)/i;
/** Words and names in code, also joined and numbered: `TokenKind.Identifier2`, `orders_customer_id_2`. */
const words = /^[A-Za-z$]+(?:[._-]+[A-Za-z$]+)*[._-]?\d{0,2}$/;
/** A path says where a secret is, but is not a secret itself. */
const path = /^(?:~|\.{1,2})?\/[\w.-]+\//;
const longestQuoted = 512;

/** The secret that follows a name, if there is one. */
export function secretAfter(text: string, nameEnd: number, kind: SecretKind, isFlag: boolean): TextRange | undefined {
  switch (kind) {
    case 'bearer':
      return rangeAt(text, bearerValue, nameEnd, 1);
    case 'user':
      return userPassword(text, nameEnd);
    case 'authorization':
      return headerAfter(text, nameEnd, headerValue);
    case 'cookie':
      return headerAfter(text, nameEnd, cookieValue);
    case 'private-key':
      return privateKey(text, nameEnd);
    case 'web-hook':
      return webhook(text, nameEnd);
    case 'sql-password':
      return quotedAfter(text, nameEnd);
    case 'password':
    case 'token':
      return valueAfter(text, nameEnd, kind, isFlag);
  }
}

function valueAfter(text: string, nameEnd: number, kind: 'password' | 'token', isFlag: boolean): TextRange | undefined {
  const assigned = endOf(gaps.assigned, text, nameEnd) ?? endOf(gaps.paired, text, nameEnd);
  if (assigned !== undefined) {
    const isAlone =
      kind === 'password' && text.slice(nameEnd, assigned) === '=' && assignedAlone.test(before(text, nameEnd));
    return quotedSecret(text, assigned, kind) ?? plainSecret(text, assigned, kind, isAlone);
  }
  const called = endOf(gaps.called, text, nameEnd);
  const inCall = called === undefined ? undefined : quotedSecret(text, called, 'token');
  if (inCall !== undefined) return inCall;
  const following = isFlag ? endOf(gaps.flagged, text, nameEnd) : placeAfter(text, nameEnd);
  if (following === undefined || text[following] === '-') return undefined;
  const isAlone = !isFlag && /\blogin\b/.test(before(text, nameEnd));
  return quotedSecret(text, following, kind) ?? plainSecret(text, following, kind, isAlone);
}

function quotedAfter(text: string, nameEnd: number): TextRange | undefined {
  const at = placeAfter(text, nameEnd);
  return at === undefined ? undefined : quotedSecret(text, at, 'password');
}

function placeAfter(text: string, nameEnd: number): number | undefined {
  const place = places.find((each) => each.before.test(before(text, nameEnd)));
  return place && endOf(place.gap, text, nameEnd);
}

function before(text: string, at: number): string {
  return text.slice(Math.max(0, at - 300), at);
}

function quotedSecret(text: string, at: number, kind: 'password' | 'token'): TextRange | undefined {
  const from = endOf(openingQuote, text, at);
  if (from === undefined) return undefined;
  const to = closingQuote(text, text.slice(at, from), from);
  const value = text.slice(from, to);
  if (placeholder.test(value) || path.test(value)) return undefined;
  // In a list, the next quoted text may be a key instead.
  keyEnd.lastIndex = to;
  if (keyEnd.test(text)) return undefined;
  const isSecret = kind === 'password' ? value.trim().length >= 6 : isMadeUp(value, 8) && !words.test(value);
  return isSecret ? { from, to } : undefined;
}

/**
 * Where a quoted value ends: at its closing quote, at the end of its line, or at the end of the JSON text around it. A quote
 * that is escaped at the value's own depth belongs to the value. Without a closing quote, the value ends at a blank.
 */
function closingQuote(text: string, opening: string, from: number): number {
  const escapes = /^\\*/.exec(opening)?.[0].length ?? 0;
  const mark = opening.slice(escapes);
  const window = text.slice(from, from + longestQuoted);
  const bounds = [window.search(/[\r\n]/), mark === '"' ? -1 : window.search(/\\*"\s?[,:}\]]/)];
  const limit = Math.min(window.length, ...bounds.filter((bound) => bound !== -1));
  for (let at = window.indexOf(mark); at !== -1 && at < limit; at = window.indexOf(mark, at + 1)) {
    if (mark.length > 1) return from + at - Math.min(at, escapes);
    let before = 0;
    while (at - before > 0 && window[at - before - 1] === '\\') before += 1;
    const depth = escapeDepth(before);
    if (depth <= escapeDepth(escapes)) return from + at - (2 ** depth - 1);
  }
  const end = window.search(/[\s\\"'`]/);
  return from + (end === -1 ? limit : Math.min(end, limit));
}

/**
 * How many JSON strings a quote is nested in, by the backslashes before it. Its own are 1, 3, 7, …; escaped backslashes
 * before those add even multiples. So the depth is the number of ones at the end of the binary number.
 */
function escapeDepth(backslashes: number): number {
  let depth = 0;
  while (((backslashes >> depth) & 1) === 1) depth += 1;
  return depth;
}

/** @param isAlone - Whether only a secret can be here, so that even a word counts as one. */
function plainSecret(text: string, at: number, kind: 'password' | 'token', isAlone = false): TextRange | undefined {
  const to = endOf(plainValue, text, at);
  if (to === undefined) return undefined;
  const value = text.slice(at, to);
  if (placeholder.test(value)) return undefined;
  const isSecret = isAlone
    ? value.length >= 6 && !plainWord.test(value)
    : kind === 'password'
      ? isMadeUp(value, 6)
      : isMadeUp(value, 12) && !words.test(value);
  if (!isSecret) return undefined;
  // A path or a call says where the secret comes from.
  if (text[to] === '(' || (kind === 'password' && value.startsWith('/'))) return undefined;
  return { from: at, to };
}

/** Whether a text may be generated: it has letters and digits, but no blanks. */
function isMadeUp(value: string, shortest: number): boolean {
  return value.length >= shortest && !/\s/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value);
}

function headerAfter(text: string, nameEnd: number, value: RegExp): TextRange | undefined {
  const gap = endOf(gaps.assigned, text, nameEnd) ?? endOf(gaps.called, text, nameEnd);
  if (gap === undefined) return undefined;
  const opened = endOf(openingQuote, text, gap) ?? gap;
  const from = value === headerValue ? (endOf(scheme, text, opened) ?? opened) : opened;
  const found = rangeAt(text, value, from, 0);
  if (found === undefined) return undefined;
  // Without a scheme it must look like a key, since code mentions headers too.
  const hasScheme = from > opened || value !== headerValue;
  return hasScheme || isMadeUp(text.slice(found.from, found.to), 12) ? found : undefined;
}

/** The password in `-u user:password`. With an unknown program the option may mean something else, so it must look generated. */
function userPassword(text: string, nameEnd: number): TextRange | undefined {
  const found = passwordOfUser(text, endOf(gaps.given, text, nameEnd));
  return found !== undefined && isMadeUp(text.slice(found.from, found.to), 6) ? found : undefined;
}

function passwordOfUser(text: string, at: number | undefined): TextRange | undefined {
  if (at === undefined) return undefined;
  userAndPassword.lastIndex = endOf(openingQuote, text, at) ?? at;
  const password = userAndPassword.exec(text)?.[1];
  return password === undefined
    ? undefined
    : { from: userAndPassword.lastIndex - password.length, to: userAndPassword.lastIndex };
}

/** Short options that are followed by a secret, and the programs that have them. */
const shortOptions = [
  { program: /\b(?:curl|wget|https?|xh)\b/, option: sticky('-[A-Za-z#]{0,6}u'), kind: 'user' },
  { program: /\bcurl\b/, option: sticky('-b'), kind: 'cookie' },
  { program: /\b(?:mysql[a-z]{0,10}|mariadb[a-z-]{0,10}|sshpass)\b/, option: sticky('-p'), kind: 'attached' },
  { program: /\bsshpass\b/, option: sticky('-p'), kind: 'separate' },
  // Of `docker`, `helm registry`, `az` and others.
  { program: /\blogin\b/, option: sticky('-p'), kind: 'separate' },
  { program: /\bredis-cli\b/, option: sticky('-a'), kind: 'separate' },
] as const;
type OptionKind = (typeof shortOptions)[number]['kind'];

/** The secret that follows a short option, in the same word or the next. */
export function secretOfOption(text: string, start: number): TextRange | undefined {
  for (const { program, option, kind } of shortOptions) {
    const at = endOf(option, text, start);
    if (at === undefined || !program.test(commandBefore(text, start))) continue;
    const found = valueOfOption(text, at, kind);
    if (found !== undefined) return found;
  }
  return undefined;
}

function valueOfOption(text: string, at: number, kind: OptionKind): TextRange | undefined {
  const next = endOf(gaps.flagged, text, at);
  if (kind === 'user') return passwordOfUser(text, next ?? at);
  if (kind === 'attached') return next === undefined ? passwordAt(text, at) : undefined;
  if (next === undefined) return undefined;
  if (kind === 'separate') return passwordAt(text, next);
  return rangeAt(text, cookieValue, endOf(openingQuote, text, next) ?? next, 0);
}

function passwordAt(text: string, at: number): TextRange | undefined {
  if (text[at] === '-') return undefined;
  return quotedSecret(text, at, 'password') ?? plainSecret(text, at, 'password', true);
}

/** The beginning of the line, or of the part of a pipe, up to a word. */
function commandBefore(text: string, at: number): string {
  const line = before(text, at);
  return line.slice(Math.max(line.lastIndexOf('\n'), line.lastIndexOf('|')) + 1);
}

/** From the BEGIN line to the END line, or to the end of the text if the END line is cut off. */
function privateKey(text: string, beginEnd: number): TextRange | undefined {
  const body = endOf(privateKeyBegin, text, beginEnd);
  if (body === undefined) return undefined;
  privateKeyEnd.lastIndex = body;
  return { from: beginEnd - '-----BEGIN'.length, to: privateKeyEnd.test(text) ? privateKeyEnd.lastIndex : text.length };
}

/** The part of a webhook's address that allows anyone to post to it. */
function webhook(text: string, hostEnd: number): TextRange | undefined {
  const from = endOf(webhookPath, text, hostEnd);
  return from === undefined ? undefined : rangeAt(text, webhookSecret, from, 0);
}

function rangeAt(text: string, pattern: RegExp, at: number, skipped: number): TextRange | undefined {
  const to = endOf(pattern, text, at);
  return to === undefined ? undefined : { from: at + skipped, to };
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function sticky(source: string, flags = ''): RegExp {
  return new RegExp(source, `y${flags}`);
}
