import type { ContentField } from './attribute-definition.ts';
import { withoutSecrets } from './secrets/without-secrets.ts';
import { REDACTED } from './text-limits.ts';

/** Options of {@link scrubSecrets}. */
export interface ScrubSecretsOptions {
  /** Further texts to remove, as strings or patterns. The flag `g` is added to patterns. @defaultValue none */
  readonly also?: readonly (string | RegExp)[] | undefined;
}

type Redact = (field: ContentField, text: string) => string;

/**
 * Makes a `redact` hook that replaces secrets by `[REDACTED]`, recognised by their shape: keys and tokens of well-known
 * services, JSON web tokens, authorization headers, cookies, private keys, passwords in URLs, and values assigned to names
 * such as `password` or `api_key`, also inside escaped JSON at any depth.
 *
 * It takes time linear in the length of the text, about 3 µs per KiB. It does not understand the text: a password in a
 * sentence stays. Sessions do all this by default (`scrubSecrets`); use the hook to remove further texts, or for content
 * outside of a session.
 */
export function scrubSecrets(options: ScrubSecretsOptions = {}): Redact {
  const also = (options.also ?? []).map((pattern) =>
    typeof pattern === 'string'
      ? pattern
      : new RegExp(pattern.source, pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`),
  );
  return (_field, text) => {
    let scrubbed = withoutSecrets(text);
    for (const pattern of also) if (pattern !== '') scrubbed = scrubbed.replaceAll(pattern, () => REDACTED);
    return scrubbed;
  };
}

/** A hook whose result is scrubbed too; without a hook, the scrubber alone. */
export function scrubbed(redact: Redact | undefined): Redact {
  if (redact === undefined) return (_field, text) => withoutSecrets(text);
  return (field, text) => {
    const result: unknown = redact(field, text);
    // The caller deals with results that are not text.
    return typeof result === 'string' ? withoutSecrets(result) : (result as string);
  };
}
