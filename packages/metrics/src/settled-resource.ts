import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';

/**
 * A resource without pending attributes, so that the SDK's own class need not be loaded.
 *
 * @internal
 */
export class SettledResource implements Resource {
  readonly asyncAttributesPending = false;
  declare readonly attributes: Attributes;

  /** @param read - called once, when the first item is encoded, so that a start need not wait for the system */
  constructor(read: () => Attributes) {
    let attributes: Attributes | undefined;
    // An own property, since structured cloning copies only these.
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
