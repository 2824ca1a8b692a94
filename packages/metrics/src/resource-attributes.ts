import { operatingSystem } from './operating-system.ts';

/** Options of {@link metricsResourceAttributes}. */
export interface MetricsResourceOptions {
  /** Resource attribute `env`. */
  readonly environment: string;
  /** Resource attribute `service.name`. */
  readonly serviceName: string;
  /** Resource attribute `service.version`. */
  readonly serviceVersion: string;
  /** Further attributes; they do not replace the others. @defaultValue none */
  readonly resourceAttributes?: Readonly<Record<string, string>> | undefined;
}

/**
 * Attributes of the resource of metrics, without those of the SDK. Unlike the resources of traces and logs it names the
 * operating system: the distribution and its version as Codex reports them, if they are known.
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
