import { sanitizeMetricTagValue } from './tag-value.ts';

/** What the resource of metrics is made of. */
export interface MetricsResourceOptions {
  readonly environment: string;
  readonly serviceName: string;
  readonly serviceVersion: string;
  readonly resourceAttributes?: Readonly<Record<string, string>> | undefined;
}

/**
 * Attributes of the resource of metrics, without those of the SDK itself. The operating system stands on metrics
 * alone, not on traces and logs; where it is unknown it is left out.
 */
export function metricsResourceAttributes(options: MetricsResourceOptions): Record<string, string> {
  // Not imported: that would read every getter of the module at each start.
  const os = process.getBuiltinModule('node:os');
  const system = { os: sanitizeMetricTagValue(os.type()), os_version: sanitizeMetricTagValue(os.release()) };
  return {
    ...options.resourceAttributes,
    'service.name': options.serviceName,
    'service.version': options.serviceVersion,
    env: options.environment,
    ...Object.fromEntries(Object.entries(system).filter(([, value]) => value !== 'unspecified')),
  };
}
