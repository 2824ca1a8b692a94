import type { Tags } from './metrics-sink.ts';
import { sanitizeMetricTagValue } from './tag-value.ts';

/** Values of the tags that every metric of a session has. */
export interface SessionMetricTagValues {
  /** Tag `auth_mode`, such as `ApiKey`. */
  readonly authMode?: string | undefined;
  /** Tag `session_source`, such as `cli`. */
  readonly sessionSource: string;
  /** Tag `originator`: the name of the client. */
  readonly originator: string;
  /** Tag `service_name`. */
  readonly serviceName?: string | undefined;
  /** Tag `model`. */
  readonly model: string;
  /** Tag `app.version`. */
  readonly appVersion: string;
}

/**
 * The tags of every metric of a session, frozen, in the order `auth_mode`, `session_source`, `originator`,
 * `service_name`, `model`, `app.version`; absent values are left out.
 *
 * Every value is sanitised, since one forbidden character in a model's name would make all metrics of the session fail.
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
