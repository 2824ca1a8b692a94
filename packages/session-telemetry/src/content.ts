import type { AttributePlan, ContentField } from './attribute-definition.ts';
import type { SessionIdentity } from './session-identity.ts';
import type { TextPreview } from './text-limits.ts';
import {
  characterCount,
  lineCount,
  REDACTED,
  TRUNCATION_NOTICE,
  textPreview,
  utf8Bytes,
  utf8Prefix,
} from './text-limits.ts';
import type { UnusableValues } from './unusable-values.ts';

/** The default limit of an attribute, in UTF-8 bytes. */
export const defaultMaxBytes = 65_536;

/** How many bytes beyond the limit are redacted too, so that truncation does not hide a secret from the redaction. */
const redactionMargin = 8_192;

/** What decides in which form content leaves the process. */
export interface ContentRules {
  readonly identity: SessionIdentity;
  readonly memory: { readonly unusable: UnusableValues };
}

/**
 * Content as it may leave the process: redacted first, so that truncation does not cut a secret in two, then truncated.
 *
 * @param seen - Whether a record will show it. If not, it is not redacted, only measured.
 */
export function shownContent(rules: ContentRules, attribute: AttributePlan, text: string, seen: boolean): TextPreview {
  const { content, shownWith, maxBytes = defaultMaxBytes } = attribute;
  if (content === undefined) return { text, truncated: false };
  if (shownWith !== undefined && !rules.identity.settings[shownWith]) return { text: REDACTED, truncated: false };
  if (maxBytes !== 'toolResultMaxBytes') {
    const truncated = utf8Bytes(text) > maxBytes;
    if (!seen) return { text: REDACTED, truncated };
    return { text: utf8Prefix(redacted(rules, content, text, maxBytes).text, maxBytes), truncated };
  }
  const limit = rules.identity.toolResultMaxBytes;
  if (!seen) return textPreview(text, limit);
  const window = redacted(rules, content, text, limit);
  const preview = textPreview(window.text, limit);
  if (window.whole || preview.truncated) return preview;
  return { text: `${window.text}\n${TRUNCATION_NOTICE}`, truncated: true };
}

/** The size of content before redaction and truncation. */
export function measured(text: string, measure: 'bytes' | 'characters' | 'lines'): number {
  if (measure === 'bytes') return utf8Bytes(text);
  return measure === 'lines' ? lineCount(text) : characterCount(text);
}

/** The redacted text, and whether all of the given text was redacted. */
function redacted(
  { identity: { redact }, memory: { unusable } }: ContentRules,
  field: ContentField,
  text: string,
  maxBytes: number,
): { readonly text: string; readonly whole: boolean } {
  if (redact === undefined) return { text, whole: true };
  try {
    const window = utf8Prefix(text, maxBytes + redactionMargin);
    const result: unknown = redact(field, window);
    if (typeof result === 'string') return { text: result, whole: window.length === text.length };
    unusable.report('redact', 'did not return a text');
  } catch {
    unusable.report('redact', 'threw');
  }
  return { text: REDACTED, whole: true };
}
