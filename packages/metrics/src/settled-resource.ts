import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';

/**
 * A resource without pending attributes. The SDK's own class is not loaded for it.
 *
 * @internal
 */
export class SettledResource implements Resource {
  readonly asyncAttributesPending = false;
  declare readonly attributes: Attributes;

  /** @param read - called once, when the first item is encoded: a start need not wait for what the system says. */
  constructor(read: () => Attributes) {
    let attributes: Attributes | undefined;
    // An own property, since structured cloning reads no others.
    Object.defineProperty(this, 'attributes', {
      enumerable: true,
      get: () => {
        attributes ??= read();
        return attributes;
      },
    });
  }

  merge(other: Resource | null): Resource {
    return other === null ? this : new SettledResource(() => ({ ...this.attributes, ...other.attributes }));
  }

  getRawAttributes(): [string, Attributes[string]][] {
    return Object.entries(this.attributes);
  }
}
