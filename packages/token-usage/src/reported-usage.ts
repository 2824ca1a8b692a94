import { reportWarning } from './diagnostics.ts';
import { reconcile } from './reconciled-usage.ts';
import type { TokenUsage } from './token-usage.ts';
import { checkedTokenUsage, isTokenCount, TOKEN_USAGE_PARTS } from './token-usage.ts';
import type { UsagePath, UsageShape, UsageSum } from './usage-shape.ts';
import { AI_SDK, ANTHROPIC_MESSAGE, CHAT_COMPLETION, LANGUAGE_MODEL, OPENAI_AGENTS, RESPONSE } from './usage-shape.ts';

/**
 * Reads `response.usage` of the OpenAI Responses API.
 *
 * A missing total is input plus output, a missing output is total minus input. If the total does not fit because the
 * server counts reasoning or cached tokens separately, they are added to the output or the input. If nothing fits, the
 * server's total is kept; a part that exceeds its whole is limited to it. `diag` names the field. An invalid number
 * (negative, fractional, text) makes the whole usage unknown, since the others cannot be trusted either. Never throws.
 *
 * @returns `undefined` if the usage is absent or malformed, or from another API, whose input has another meaning.
 */
export function tokenUsageFromResponse(usage: unknown): TokenUsage | undefined {
  return read(usage, RESPONSE);
}

/**
 * Reads `usage` of the OpenAI Chat Completions API, also from the last chunk of a stream (with
 * `stream_options: { include_usage: true }`), and of compatible servers, wherever they put their cached and reasoning
 * tokens. Same rules as {@link tokenUsageFromResponse}.
 */
export function tokenUsageFromChatCompletion(usage: unknown): TokenUsage | undefined {
  return read(usage, CHAT_COMPLETION);
}

/**
 * Reads `usage` of an Anthropic message.
 *
 * Anthropic reports three disjoint parts of the input (new, read from the cache, written to it) and no total; they
 * are added up, so that the result means the same as OpenAI's. Same rules as {@link tokenUsageFromResponse}.
 */
export function tokenUsageFromAnthropicMessage(usage: unknown): TokenUsage | undefined {
  return read(usage, ANTHROPIC_MESSAGE);
}

/**
 * Reads the usage of the AI SDK: of a result, of a step, of the parts of a stream, and what its providers' models
 * report. Same rules as {@link tokenUsageFromResponse}.
 */
export function tokenUsageFromAiSdk(usage: unknown): TokenUsage | undefined {
  return read(usage, LANGUAGE_MODEL) ?? read(usage, AI_SDK);
}

/** Reads the usage of a response of `@openai/agents`. Same rules as {@link tokenUsageFromResponse}. */
export function tokenUsageFromOpenAiAgents(usage: unknown): TokenUsage | undefined {
  return read(usage, OPENAI_AGENTS);
}

/** The check comes last, on copied numbers, so a getter that changes its answer cannot bypass it. */
function read(usage: unknown, shape: UsageShape): TokenUsage | undefined {
  try {
    if (typeof usage !== 'object' || usage === null || isForeign(usage, shape)) return undefined;
    const { total, ...numbers } = numbersOf(usage, shape);
    const input = numbers.input;
    const output = numbers.output ?? difference(total, input);
    if (input === undefined || output === undefined) return undefined;
    const { usage: reconciled, odd } = reconcile({ ...numbers, input, output, total }, shape.inputHoldsCache === true);
    if (odd.length > 0) reportWarning(`reported token usage does not add up: ${odd.join(', ')}`);
    return checkedTokenUsage(reconciled);
  } catch {
    return undefined;
  }
}

function numbersOf(usage: object, shape: UsageShape) {
  const parts: Partial<Record<(typeof TOKEN_USAGE_PARTS)[number], number>> = {};
  for (const part of TOKEN_USAGE_PARTS) {
    const found = shape.parts[part].map((place) => numberAt(usage, place)).filter((count) => count !== undefined);
    if (found.length > 0) parts[part] = Math.max(...found);
  }
  const { implied } = shape;
  if (implied !== undefined && parts[implied.by] !== undefined) parts[implied.part] ??= 0;
  let input = firstOf(usage, shape.input);
  if (shape.inputWithoutCache === true && input !== undefined) {
    input += (parts.cachedInputTokens ?? 0) + (parts.cacheWriteInputTokens ?? 0);
  }
  return { input, output: firstOf(usage, shape.output), total: firstOf(usage, shape.total), parts };
}

function isForeign(usage: object, { foreign, total }: UsageShape): boolean {
  const has = (places: readonly UsagePath[]) => places.some((place) => valueAt(usage, place) !== undefined);
  return foreign !== undefined && has(foreign) && !has(total);
}

function firstOf(usage: object, places: readonly UsagePath[]): number | undefined {
  for (const place of places) {
    const count = numberAt(usage, place);
    if (count !== undefined) return count;
  }
  return undefined;
}

/** The number at a path; an invalid value makes the usage malformed. */
function numberAt(usage: object, place: UsagePath | UsageSum): number | undefined {
  if ('sum' in place) {
    const counts = place.sum.map((each) => numberAt(usage, each)).filter((count) => count !== undefined);
    return counts.length === 0 ? undefined : counts.reduce((a, b) => a + b, 0);
  }
  const value = valueAt(usage, place);
  if (value === undefined) return undefined;
  if (!isTokenCount(value)) throw new TypeError(`${place.join('.')} is not a number of tokens`);
  return value;
}

/** `null` counts as absent. Any other non-object where an object is expected makes the usage malformed. */
function valueAt(usage: object, place: UsagePath): unknown {
  let value: unknown = usage;
  for (const key of place) {
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value)) value = sumOfList(value, key);
    else if (typeof value === 'object') value = Reflect.get(value, key);
    else throw new TypeError('usage details are not an object');
  }
  return value ?? undefined;
}

/** The sum of one number over a list of details, one for each request. */
function sumOfList(list: readonly unknown[], key: string): unknown {
  const values = list.map((each) => (typeof each === 'object' && each !== null ? Reflect.get(each, key) : undefined));
  const sent = values.filter((value) => value !== undefined && value !== null);
  if (sent.length === 0) return undefined;
  return sent.every(isTokenCount) ? sent.reduce((a, b) => a + b, 0) : Number.NaN;
}

function difference(total: number | undefined, input: number | undefined): number | undefined {
  return total === undefined || input === undefined || total < input ? undefined : total - input;
}
