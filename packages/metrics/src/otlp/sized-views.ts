import type { Attributes } from '@opentelemetry/api';
import type { PlainResource } from './signal-items.ts';

/** Used until the first request has shown how large items are. */
const FIRST_GUESS_BYTES = 1024;
/** Larger items are rare: the serialiser's buffer grows when there is one. */
const LARGEST_GUESS_BYTES = 4096;
/** Memory beyond what is needed is never touched; with too little, the serialiser has to copy what it has written. */
const MARGIN = 1.125;

interface WithResource {
  readonly resource: PlainResource;
}

/**
 * A resource as the serialiser reads it: twice, first to add up the size of the request and then to write it. Adding up
 * takes a quarter of the time of encoding and only has to be about right, so the items of the resource show a placeholder
 * until the serialiser has read the resource once.
 */
export class ResourceView {
  /** Whether the size is being added up. */
  isSizing = true;
  /** Whether the attributes were read after that. */
  isWritten = false;
  /** One attribute, as large as a usual item. */
  readonly placeholder: Attributes;
  readonly #resource: PlainResource;

  constructor(resource: PlainResource, placeholder: Attributes) {
    this.#resource = resource;
    this.placeholder = placeholder;
  }

  get attributes(): Attributes {
    if (!this.isSizing) this.isWritten = true;
    return this.#resource.attributes;
  }

  /** The last field of a resource in protobuf, so that reading it ends the first pass. */
  get schemaUrl(): string | undefined {
    this.isSizing = false;
    return this.#resource.schemaUrl;
  }
}

/** Makes the view of an item; `resource` becomes the resource of the view. */
export type ViewOf<Item, View> = (item: Item, resource: ResourceView) => View;

/** Views for a serialiser that reads everything once. */
export function plainViews<Item extends WithResource, View>(
  items: readonly Item[],
  viewOf: ViewOf<Item, View>,
): View[] {
  const { views, resources } = viewsOf(items, viewOf, {});
  for (const resource of resources) resource.isSizing = false;
  return views;
}

/** An encoder whose serialiser reads placeholders while it adds up the size. */
export function sizedEncoder<Item extends WithResource, View>(
  viewOf: ViewOf<Item, View>,
  serialize: (views: View[]) => Uint8Array | undefined,
): (items: readonly Item[]) => Uint8Array | undefined {
  let usualBytes = FIRST_GUESS_BYTES;
  return (items) => {
    const { views, resources } = viewsOf(items, viewOf, { '': new Uint8Array(usualBytes) });
    const bytes = serialize(views);
    if (bytes === undefined) return undefined;
    usualBytes = Math.min(LARGEST_GUESS_BYTES, Math.ceil((bytes.length * MARGIN) / Math.max(1, items.length)));
    // A serialiser that reads everything once has written placeholders; now it gets the real values.
    return resources.every(({ isWritten }) => isWritten) ? bytes : serialize(views);
  };
}

function viewsOf<Item extends WithResource, View>(
  items: readonly Item[],
  viewOf: ViewOf<Item, View>,
  placeholder: Attributes,
): { readonly views: View[]; readonly resources: readonly ResourceView[] } {
  const resources = new Map<PlainResource, ResourceView>();
  const views = items.map((item) => {
    let resource = resources.get(item.resource);
    if (resource === undefined) {
      resource = new ResourceView(item.resource, placeholder);
      resources.set(item.resource, resource);
    }
    return viewOf(item, resource);
  });
  return { views, resources: [...resources.values()] };
}
