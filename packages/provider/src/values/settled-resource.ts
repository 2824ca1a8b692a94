import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';

/** A resource without pending attributes. The SDK's own class is not loaded for it. */
export class SettledResource implements Resource {
  readonly asyncAttributesPending = false;
  readonly attributes: Attributes;
  readonly schemaUrl?: string;

  constructor(attributes: Attributes, schemaUrl?: string) {
    this.attributes = attributes;
    if (schemaUrl !== undefined) this.schemaUrl = schemaUrl;
  }

  merge(other: Resource | null): Resource {
    return other === null ? this : new SettledResource({ ...this.attributes, ...other.attributes });
  }

  getRawAttributes(): [string, Attributes[string]][] {
    return Object.entries(this.attributes);
  }
}
