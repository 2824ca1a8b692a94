import type { OtelSettings, OtelSignal } from '@codex-otel/config';
import { metricsResourceAttributes, SettledResource } from '@codex-otel/metrics';
import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';

/** The attributes of the SDK; the version is that of the pinned packages. */
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
 * @param hostName - `host.name` of log records: none if blank, the machine's host name if not given
 */
export function signalResources(given: OtelSettings, hostName: string | undefined): SignalResources {
  // A copy of the settings as they are now, since they are read later.
  const settings = { ...given, resourceAttributes: { ...given.resourceAttributes } };
  const instanceId = serviceInstanceId(settings);
  return {
    traces: new SettledResource(() => traceAttributes(settings, instanceId)),
    logs: new SettledResource(() => logAttributes(settings, instanceId, hostName)),
    metrics: new SettledResource(() => metricAttributes(settings, instanceId)),
  };
}

/** Attributes of the resource of spans: the service, its environment, and those of the settings. */
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

/** Attributes of the resource of log records: those of spans, and the host's name unless it is blank. */
function logAttributes(
  settings: OtelSettings,
  instanceId: string | undefined,
  hostName: string | undefined,
): Attributes {
  const name = String(hostName ?? settings.resourceAttributes?.['host.name'] ?? thisHost()).trim();
  const { 'host.name': _added, ...attributes } = traceAttributes(settings, instanceId);
  return name === '' ? attributes : { ...attributes, 'host.name': name };
}

/** Blank if the system does not give it: no record is lost for lack of a host name. */
function thisHost(): string {
  try {
    return process.getBuiltinModule('node:os').hostname();
  } catch {
    return '';
  }
}

/** Attributes of the resource of metrics: those of spans and the operating system. */
function metricAttributes(settings: OtelSettings, instanceId: string | undefined): Attributes {
  return { ...metricsResourceAttributes(settings), ...traceAttributes(settings, instanceId) };
}

/** The `service.instance.id` of the process: from the settings, or random if they ask for one. */
function serviceInstanceId(settings: OtelSettings): string | undefined {
  const { serviceInstanceId: setting } = settings;
  if (setting === true) return crypto.randomUUID();
  return setting === false ? undefined : setting;
}

/** The attributes of the settings; they cannot rename the service. */
function added({ resourceAttributes = {} }: OtelSettings): Attributes {
  const { 'service.name': _name, 'service.version': _version, env: _env, ...others } = resourceAttributes;
  return others;
}
