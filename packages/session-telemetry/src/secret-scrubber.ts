import type { ContentField } from './attribute-definition.ts';
import { REDACTED } from './text-limits.ts';

/** Options of {@link scrubSecrets}. */
export interface ScrubSecretsOptions {
  /** Further texts to take out, as a string or a pattern; a pattern without the flag `g` is given it. */
  readonly also?: readonly (string | RegExp)[] | undefined;
}

/**
 * Makes a `redact` hook that takes secrets out of content by their shape: keys and tokens of well-known services,
 * JSON web tokens, authorization headers, private keys, passwords in URLs, and values that are assigned to a name
 * that says secret.
 *
 * Its time is linear in the text. It knows shapes, not meanings: a password in a sentence passes.
 */
export function scrubSecrets(options: ScrubSecretsOptions = {}): (field: ContentField, text: string) => string {
  const also = (options.also ?? []).map((pattern) =>
    typeof pattern === 'string'
      ? pattern
      : new RegExp(pattern.source, pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`),
  );
  return (_field, text) => {
    let scrubbed = scrubPrivateKeys(text);
    for (const [pattern, replacement] of patterns) scrubbed = scrubbed.replace(pattern, replacement);
    for (const pattern of also) if (pattern !== '') scrubbed = scrubbed.replaceAll(pattern, () => REDACTED);
    return scrubbed;
  };
}

/**
 * Keys that tell their service by how they begin. Every one starts where no key character stands before it, so that
 * each run of key characters is looked at once, however often a beginning repeats in it.
 */
const keyShapes = [
  'sk-(?=[a-z_-]{0,200}[A-Z0-9])[A-Za-z0-9_-]{20,}', // OpenAI, Anthropic, OpenRouter, Langfuse; no words with hyphens
  'sess-[A-Za-z0-9]{32,}', // OpenAI session
  'gh[pousr]_[A-Za-z0-9]{30,}', // GitHub
  'github_pat_[A-Za-z0-9_]{22,}',
  'gl(?:pat|dt|rt|ptt|cbt)-[A-Za-z0-9_-]{20,}', // GitLab
  '(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])', // AWS
  'AIza[A-Za-z0-9_-]{35}', // Google
  'ya29\\.[A-Za-z0-9_-]{20,}',
  'GOCSPX-[A-Za-z0-9_-]{20,}',
  'xox[abeoprs]-[A-Za-z0-9-]{10,}', // Slack
  'xapp-\\d-[A-Za-z0-9-]{10,}',
  '(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}', // Stripe
  'whsec_[A-Za-z0-9+/=]{24,}',
  'npm_[A-Za-z0-9]{36}',
  'pypi-[A-Za-z0-9_-]{50,}',
  'hf_[A-Za-z0-9]{30,}', // Hugging Face
  'SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}', // SendGrid
  'do[opr]_v1_[a-f0-9]{64}', // DigitalOcean
  'dapi[a-f0-9]{32}', // Databricks
  'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}', // Shopify
  'lin_api_[A-Za-z0-9]{32,}', // Linear
  'xai-[A-Za-z0-9]{40,}',
  'gsk_[A-Za-z0-9]{40,}', // Groq
  'pplx-[A-Za-z0-9]{40,}', // Perplexity
  'tskey-[A-Za-z0-9-]{20,}', // Tailscale
  'AGE-SECRET-KEY-1[A-Z0-9]{58}',
  'eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}', // JSON web token
];

/** A value that looks made up by a machine: it has letters and digits, and no end of a word of code in it. */
const secretValue = '(?=[^\\s"\'`,;]{0,200}\\d)(?=[^\\s"\'`,;]{0,200}[A-Za-z])[A-Za-z0-9+/_=.~!@#%^&*-]{12,512}';

/** Names whose values are secret, whatever stands before the name. */
const secretName =
  '(?:api[_-]?key|access[_-]?key|account[_-]?key|secret[_-]?key|private[_-]?key|client[_-]?secret|secret|password|passwd|auth[_-]?token|token)';

/** Pattern and what takes the place of its match. All repetitions that could meet again and again are bounded. */
const patterns: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [new RegExp(`(?<![A-Za-z0-9_-])(?:${keyShapes.join('|')})`, 'g'), REDACTED],
  [/(hooks\.slack\.com\/services\/)[A-Za-z0-9/]{20,120}/g, `$1${REDACTED}`],
  [
    /(\bauthorization["']?\s{0,4}[:=]\s{0,4}["']?(?:bearer|basic|token|digest|negotiate|apikey) )[^\s"',;$<{[][^\s"',;]{7,4096}/gi,
    `$1${REDACTED}`,
  ],
  [/(\b(?:bearer|basic) )(?=[^\s"']{0,200}\d)[A-Za-z0-9._~+/-]{16,4096}={0,2}/gi, `$1${REDACTED}`],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"']{0,128}:)[^\s/@"']{1,256}(?=@)/gi, `$1${REDACTED}`],
  [new RegExp(`(${secretName}["']?\\s{0,4}(?::|=>?)\\s{0,4}["'\`]?)${secretValue}`, 'gi'), `$1${REDACTED}`],
];

const keyBegin = '-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----';
const keyEnd = '-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----';

/** Takes out what stands between the marks of a private key; to the end of the text where the second is cut off. */
function scrubPrivateKeys(text: string): string {
  const begins = new RegExp(keyBegin, 'g');
  const ends = new RegExp(keyEnd, 'g');
  const parts: string[] = [];
  let from = 0;
  for (let begin = begins.exec(text); begin !== null; begin = begins.exec(text)) {
    parts.push(text.slice(from, begin.index), REDACTED);
    ends.lastIndex = begin.index;
    if (ends.exec(text) === null) return parts.join('');
    from = ends.lastIndex;
    begins.lastIndex = from;
  }
  return from === 0 ? text : parts.join('') + text.slice(from);
}
