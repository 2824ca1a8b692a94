import type { AttributeDefinition, ContentField } from './attribute-definition.ts';
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

/** UTF-8 bytes of one attribute where its definition names no limit of its own. */
export const defaultMaxBytes = 65_536;

/** Characters beyond a limit that the redaction still sees, so that no secret is cut before it can be recognised. */
const redactionMargin = 8_192;

/** What decides how content leaves the process. */
export interface ContentRules {
  readonly identity: SessionIdentity;
  readonly unusable: UnusableValues;
}

/**
 * Content as its definition lets it leave the process: redacted first, so that no secret is cut in two, then cut.
 *
 * @param seen - Whether a record will show it; without one there is nothing to redact.
 */
export function shownContent(
  rules: ContentRules,
  attribute: AttributeDefinition,
  text: string,
  seen: boolean,
): TextPreview {
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

/** The size of content as it was given. */
export function measured(text: string, measure: 'bytes' | 'characters' | 'lines'): number {
  if (measure === 'bytes') return utf8Bytes(text);
  return measure === 'lines' ? lineCount(text) : characterCount(text);
}

/** Text that went through the redaction, and whether that saw all of it. */
function redacted(
  { identity: { redact }, unusable }: ContentRules,
  field: ContentField,
  text: string,
  maxBytes: number,
): { readonly text: string; readonly whole: boolean } {
  if (redact === undefined) return { text, whole: true };
  try {
    const window = utf8Prefix(text, maxBytes + redactionMargin);
    const result: unknown = redact(field, window);
    if (typeof result === 'string') return { text: result, whole: window.length === text.length };
    unusable.report('redact', 'gave no text');
  } catch {
    unusable.report('redact', 'threw');
  }
  return { text: REDACTED, whole: true };
}
