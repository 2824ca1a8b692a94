import os from 'node:os';
import type { OtelSettings } from '@codex-otel/config';
import { metricsResourceAttributes } from '@codex-otel/metrics';
import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';

/** What the records say of the machinery that made them; the version is that of the pinned SDK set. */
const sdkAttributes = {
  'telemetry.sdk.language': 'nodejs',
  'telemetry.sdk.name': 'opentelemetry',
  'telemetry.sdk.version': '3.1.0',
} as const;

/** Attributes of the resource of spans: the service, its environment, what the settings add. */
export function traceResourceAttributes(settings: OtelSettings, instanceId: string | undefined): Attributes {
  return {
    'service.name': settings.serviceName,
    'service.version': settings.serviceVersion,
    env: settings.environment,
    ...sdkAttributes,
    ...(instanceId === undefined ? {} : { 'service.instance.id': instanceId }),
    ...added(settings),
  };
}

/** Attributes of the resource of log records: those of spans and the host's name, unless that is blank. */
export function logResourceAttributes(
  settings: OtelSettings,
  instanceId: string | undefined,
  hostName: string | undefined,
): Attributes {
  const name = (hostName ?? settings.resourceAttributes?.['host.name'] ?? os.hostname()).trim();
  const { 'host.name': _added, ...attributes } = traceResourceAttributes(settings, instanceId);
  return name === '' ? attributes : { ...attributes, 'host.name': name };
}

/** Attributes of the resource of metrics: those of spans and the operating system. */
export function metricResourceAttributes(settings: OtelSettings, instanceId: string | undefined): Attributes {
  return { ...metricsResourceAttributes(settings), ...traceResourceAttributes(settings, instanceId) };
}

/** The `service.instance.id` of a process: a name from the settings, a random one where they only ask for one. */
export function serviceInstanceId(settings: OtelSettings): string | undefined {
  const { serviceInstanceId: setting } = settings;
  if (setting === true) return crypto.randomUUID();
  return setting === false ? undefined : setting;
}

/** A resource that is known at once. The SDK's own class is not needed for it, nor loaded. */
export function settledResource(attributes: Attributes): Resource {
  return new SettledResource(attributes);
}

class SettledResource implements Resource {
  readonly asyncAttributesPending = false;
  readonly attributes: Attributes;

  constructor(attributes: Attributes) {
    this.attributes = attributes;
  }

  merge(other: Resource | null): Resource {
    return other === null ? this : new SettledResource({ ...this.attributes, ...other.attributes });
  }

  getRawAttributes(): [string, Attributes[string]][] {
    return Object.entries(this.attributes);
  }
}

/** What the settings add; they cannot rename the service. */
function added({ resourceAttributes = {} }: OtelSettings): Attributes {
  const { 'service.name': _name, 'service.version': _version, env: _env, ...others } = resourceAttributes;
  return others;
}
