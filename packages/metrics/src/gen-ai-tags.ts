import type { GenAiOperation } from './gen-ai-old-metrics.ts';
import type { Tags } from './metrics-sink.ts';
import { sanitizeMetricTagValue } from './tag-value.ts';

/** The tags of every metric about an operation of a model. */
export function operationTags(operation: GenAiOperation): Tags {
  return {
    'gen_ai.operation.name': sanitizeMetricTagValue(operation.operationName ?? 'chat'),
    'gen_ai.provider.name': sanitizeMetricTagValue(operation.providerName ?? 'openai'),
    ...tag('gen_ai.request.model', operation.requestModel),
    ...tag('gen_ai.response.model', operation.responseModel),
    ...tag('server.address', operation.serverAddress),
    ...tag('server.port', operation.serverPort?.toString()),
  };
}

/** One tag; no tag if the value is unknown. */
export function tag(key: string, value: string | undefined): Tags {
  return value === undefined ? {} : { [key]: sanitizeMetricTagValue(value) };
}
