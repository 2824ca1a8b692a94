import { tokenUsageFromAiSdk } from '@codex-otel/token-usage';
import { property } from '../../property.ts';
import type { ResponseEnd, ResponseEvent } from '../response-event.ts';
import { REASONING_DELTA, TOOL_INPUT_DELTA, text, toolCall, UNNAMED, word } from '../response-event.ts';
import type { StreamFormat, StreamReader } from '../stream-reader.ts';

/** Parts that only streams of the AI SDK have. Each such stream starts with one of them. */
const PARTS: ReadonlySet<string> = new Set([
  'start',
  'start-step',
  'stream-start',
  'response-metadata',
  'text-start',
  'text-delta',
  'reasoning-start',
  'reasoning-delta',
  'tool-input-start',
  'tool-input-available',
  'tool-call',
  'finish-step',
  'finish',
]);

/**
 * The AI SDK: `fullStream`, the stream of a provider's model, and UI message streams, which carry no usage. Every step is a
 * response.
 */
export const aiSdk: StreamFormat = {
  accepts: (_event, type) => type !== undefined && PARTS.has(type),
  open: () => new AiSdkStream(),
  whole(answer) {
    const steps = property(answer, 'steps');
    if (Array.isArray(steps)) return steps.map((step) => endEvent(step));
    const ofModel = Array.isArray(property(answer, 'content')) && property(answer, 'finishReason') !== undefined;
    return ofModel ? [endEvent(answer)] : undefined;
  },
};

const TEXT: ResponseEvent = { name: 'text_delta', delta: true, token: true, message: true };
const STEP: ResponseEvent = { name: 'created', starts: true };

class AiSdkStream implements StreamReader {
  /** Whether there are steps, each with its own usage. The usage at the end is then their sum. */
  #hasSteps = false;
  #toolNamed = false;
  #metadata: unknown;

  read(part: unknown, type: string | undefined): ResponseEvent {
    switch (type) {
      case 'text-delta':
        return TEXT;
      case 'reasoning-delta':
        return REASONING_DELTA;
      case 'tool-input-delta':
        return TOOL_INPUT_DELTA;
      case 'tool-input-start':
        this.#toolNamed = true;
        return toolCall(word(property(part, 'toolName')));
      case 'tool-call':
        return this.#toolNamed ? UNNAMED : toolCall(word(property(part, 'toolName')));
      case 'start-step':
      case 'stream-start':
        this.#toolNamed = false;
        return STEP;
      case 'response-metadata':
        this.#metadata = part;
        return UNNAMED;
      case 'finish-step':
        this.#hasSteps = true;
        return endEvent(part);
      case 'finish':
        return this.#hasSteps ? { aside: true } : endEvent(part, this.#metadata);
      case 'abort':
        return { name: 'cancelled', end: { status: 'cancelled', finishReason: 'cancelled' } };
      default:
        return UNNAMED;
    }
  }
}

function endEvent(step: unknown, metadata: unknown = property(step, 'response')): ResponseEvent {
  const end = endOf(step, metadata);
  return { name: end.status, end };
}

function endOf(step: unknown, metadata: unknown): ResponseEnd {
  const reported = property(step, 'usage') ?? property(step, 'totalUsage');
  const usage = tokenUsageFromAiSdk(reported);
  const responseId = text(property(metadata, 'id'));
  const finishReason = finishReasonOf(property(step, 'finishReason'));
  const failed = finishReason === 'error';
  return {
    status: failed ? 'failed' : 'completed',
    // The id is not unique: some servers have only a few hundred ids.
    identity: responseId && `${responseId} ${timeOf(metadata)} ${usage?.inputTokens} ${usage?.outputTokens}`,
    responseId,
    model: text(property(metadata, 'modelId')),
    // Without usage from the server, the SDK has the fields without numbers, which is not a problem.
    usage,
    finishReason,
    error: failed ? { code: 'error' } : undefined,
  };
}

function timeOf(metadata: unknown): string {
  const timestamp = property(metadata, 'timestamp');
  return timestamp instanceof Date ? String(timestamp.getTime()) : '';
}

/** A word; since `LanguageModelV3` an object with the word and what the server said. */
function finishReasonOf(reason: unknown): string | undefined {
  return (word(reason) ?? word(property(reason, 'unified')))?.replace('-', '_');
}
