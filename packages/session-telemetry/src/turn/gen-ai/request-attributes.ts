import type { SpanAttributeValues } from '@codex-otel/token-usage';
import { spanAttributes } from '@codex-otel/token-usage';
import type { Attributes } from '@opentelemetry/api';
import { property } from '../../property.ts';
import { word } from '../response-event.ts';
import { inferenceAttributes } from './gen-ai-attributes.ts';

type Values = SpanAttributeValues<typeof inferenceAttributes>;

/**
 * The parameters in the body of a request of any known API, and none of its content. Stop sequences are left out, since
 * they are free text, which spans must not carry.
 */
export function requestAttributes(body: unknown, provider: string): Attributes {
  const values: Values = {
    'gen_ai.output.type': outputType(body),
    'gen_ai.request.reasoning.level': reasoningLevel(body),
    'gen_ai.request.previous_response.id': word(property(body, 'previous_response_id')),
    'gen_ai.request.temperature': number(property(body, 'temperature')),
    'gen_ai.request.top_p': number(property(body, 'top_p')),
    'gen_ai.request.top_k': whole(property(body, 'top_k')),
    'gen_ai.request.max_tokens': whole(
      property(body, 'max_output_tokens') ?? property(body, 'max_completion_tokens') ?? property(body, 'max_tokens'),
    ),
    'gen_ai.request.frequency_penalty': number(property(body, 'frequency_penalty')),
    'gen_ai.request.presence_penalty': number(property(body, 'presence_penalty')),
    'gen_ai.request.seed': whole(property(body, 'seed')),
    'gen_ai.request.choice.count': choiceCount(property(body, 'n')),
    'openai.request.service_tier': provider === 'openai' ? serviceTier(property(body, 'service_tier')) : undefined,
  };
  return spanAttributes(inferenceAttributes, values);
}

/** The Responses API, Chat Completions and Anthropic's messages each have their own field for it. */
function reasoningLevel(body: unknown): string | undefined {
  return (
    word(property(property(body, 'reasoning'), 'effort')) ??
    word(property(body, 'reasoning_effort')) ??
    word(property(property(body, 'output_config'), 'effort'))
  );
}

function outputType(body: unknown): string | undefined {
  const format = property(property(body, 'text'), 'format') ?? property(body, 'response_format');
  const type = property(format, 'type');
  if (type === 'text') return 'text';
  return type === 'json_schema' || type === 'json_object' ? 'json' : undefined;
}

function choiceCount(value: unknown): number | undefined {
  const count = whole(value);
  return count === 1 ? undefined : count;
}

function serviceTier(value: unknown): string | undefined {
  const tier = word(value);
  return tier === 'auto' ? undefined : tier;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function whole(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && typeof value === 'number' ? value : undefined;
}
