import type { OtelSettings, OtelSignal } from '@codex-otel/config';
import { metricsResourceAttributes } from '@codex-otel/metrics';
import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { SettledResource } from '../values/settled-resource.ts';

/** What the records say of the machinery that made them; the version is that of the pinned SDK set. */
const sdkAttributes = {
  'telemetry.sdk.language': 'nodejs',
  'telemetry.sdk.name': 'opentelemetry',
  'telemetry.sdk.version': '3.1.0',
} as const;

/** The resource of each signal. */
export type SignalResources = Readonly<Record<OtelSignal, Resource>>;

/**
 * The resources of the three signals of one process.
 *
 * @param hostName - `host.name` of the log records; blank: none; not given: the host's own.
 */
export function signalResources(settings: OtelSettings, hostName: string | undefined): SignalResources {
  const instanceId = serviceInstanceId(settings);
  return {
    traces: new SettledResource(traceAttributes(settings, instanceId)),
    logs: new SettledResource(logAttributes(settings, instanceId, hostName)),
    metrics: new SettledResource(metricAttributes(settings, instanceId)),
  };
}

/** Attributes of the resource of spans: the service, its environment, what the settings add. */
function traceAttributes(settings: OtelSettings, instanceId: string | undefined): Attributes {
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
function logAttributes(
  settings: OtelSettings,
  instanceId: string | undefined,
  hostName: string | undefined,
): Attributes {
  const name = String(
    hostName ?? settings.resourceAttributes?.['host.name'] ?? process.getBuiltinModule('node:os').hostname(),
  ).trim();
  const { 'host.name': _added, ...attributes } = traceAttributes(settings, instanceId);
  return name === '' ? attributes : { ...attributes, 'host.name': name };
}

/** Attributes of the resource of metrics: those of spans and the operating system. */
function metricAttributes(settings: OtelSettings, instanceId: string | undefined): Attributes {
  return { ...metricsResourceAttributes(settings), ...traceAttributes(settings, instanceId) };
}

/** The `service.instance.id` of a process: a name from the settings, a random one where they only ask for one. */
function serviceInstanceId(settings: OtelSettings): string | undefined {
  const { serviceInstanceId: setting } = settings;
  if (setting === true) return crypto.randomUUID();
  return setting === false ? undefined : setting;
}

/** What the settings add; they cannot rename the service. */
function added({ resourceAttributes = {} }: OtelSettings): Attributes {
  const { 'service.name': _name, 'service.version': _version, env: _env, ...others } = resourceAttributes;
  return others;
}
