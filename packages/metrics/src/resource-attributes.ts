import { operatingSystem } from './operating-system.ts';

/** What the resource of metrics is made of. */
export interface MetricsResourceOptions {
  readonly environment: string;
  readonly serviceName: string;
  readonly serviceVersion: string;
  readonly resourceAttributes?: Readonly<Record<string, string>> | undefined;
}

/**
 * Attributes of the resource of metrics, without those of the SDK itself. The operating system stands on metrics
 * alone, not on traces and logs: the distribution and its version, as Codex reports them; where it is unknown it is left
 * out.
 */
export function metricsResourceAttributes(options: MetricsResourceOptions): Record<string, string> {
  return {
    ...options.resourceAttributes,
    'service.name': options.serviceName,
    'service.version': options.serviceVersion,
    env: options.environment,
    ...operatingSystem(),
  };
}
