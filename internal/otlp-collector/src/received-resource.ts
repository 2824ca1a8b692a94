import type { Attributed, RawAttributed } from './otlp-value.ts';
import { attributed } from './otlp-value.ts';

/** What sent a piece of telemetry. */
export interface ReceivedResource extends Attributed {
  readonly schemaUrl: string;
}

/** The instrumentation scope of a piece of telemetry. */
export interface ReceivedScope extends Attributed {
  readonly name: string;
  readonly version: string;
  readonly schemaUrl: string;
}

/** Where a piece of telemetry comes from, and with which request it arrived. */
export interface Origin {
  readonly resource: ReceivedResource;
  readonly scope: ReceivedScope;
  /** Index into the collector's `requests()`. */
  readonly requestIndex: number;
}

/** A group of telemetry of one resource, as the protobuf library gives it. */
export interface RawResourceGroup<G> {
  readonly resource?: RawAttributed | null;
  readonly schemaUrl: string;
  readonly groups: readonly G[];
}

/** A group of telemetry of one scope, as the protobuf library gives it. */
export interface RawScopeGroup {
  readonly scope?: (RawAttributed & { readonly name: string; readonly version: string }) | null;
  readonly schemaUrl: string;
}

const NO_ATTRIBUTES: RawAttributed = { attributes: [], droppedAttributesCount: 0 };

/** Walks resource groups and their scope groups in order, giving each scope group its origin. */
export function* scopeGroups<G extends RawScopeGroup>(
  resourceGroups: readonly RawResourceGroup<G>[],
  requestIndex: number,
): Generator<readonly [Origin, G]> {
  for (const { resource: rawResource, schemaUrl, groups } of resourceGroups) {
    const resource = { ...attributed(rawResource ?? NO_ATTRIBUTES), schemaUrl };
    for (const group of groups) {
      const scope = {
        ...attributed(group.scope ?? NO_ATTRIBUTES),
        name: group.scope?.name ?? '',
        version: group.scope?.version ?? '',
        schemaUrl: group.schemaUrl,
      };
      yield [{ resource, scope, requestIndex }, group];
    }
  }
}

/** An id in hexadecimal, `undefined` when none was sent. */
export function hexId(bytes: Uint8Array | readonly number[] | undefined): string | undefined {
  return bytes === undefined || bytes.length === 0 ? undefined : Buffer.from(bytes).toString('hex');
}
