import type { Tags } from './metrics-sink.ts';
import { sanitizeMetricTagValue } from './tag-value.ts';

/** What a session says about itself on each of its metrics. */
export interface SessionMetricTagValues {
  readonly authMode?: string | undefined;
  readonly sessionSource: string;
  readonly originator: string;
  readonly serviceName?: string | undefined;
  readonly model: string;
  readonly appVersion: string;
}

/**
 * The tags of every metric of a session, frozen, in the order `auth_mode`, `session_source`, `originator`,
 * `service_name`, `model`, `app.version`; absent values are left out.
 *
 * Every value is sanitised: none of them is written by hand, and one forbidden character in a model's name
 * would otherwise make all metrics of the session fail.
 */
export function sessionMetricTags(values: SessionMetricTagValues): Tags {
  const tags: Record<string, string> = {};
  if (values.authMode !== undefined) tags.auth_mode = sanitizeMetricTagValue(values.authMode);
  tags.session_source = sanitizeMetricTagValue(values.sessionSource);
  tags.originator = sanitizeMetricTagValue(values.originator);
  if (values.serviceName !== undefined) tags.service_name = sanitizeMetricTagValue(values.serviceName);
  tags.model = sanitizeMetricTagValue(values.model);
  tags['app.version'] = sanitizeMetricTagValue(values.appVersion);
  return Object.freeze(tags);
}
