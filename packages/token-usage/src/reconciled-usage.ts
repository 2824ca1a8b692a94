import type { TokenUsage, TokenUsagePart } from './token-usage.ts';
import { TOKEN_USAGE_PARTS, withReported } from './token-usage.ts';

/** The numbers a server reported, under our names. */
export interface ReportedNumbers {
  readonly input: number;
  readonly output: number;
  readonly total: number | undefined;
  readonly parts: Readonly<Partial<Record<TokenUsagePart, number>>>;
}

/** Usage whose parts are included in their wholes, and the fields of the report that did not fit. */
export interface Reconciled {
  readonly usage: TokenUsage;
  readonly odd: readonly string[];
}

/** Parts that a server may count separately instead of inside their whole, known cases first. */
const BESIDE: readonly (readonly TokenUsagePart[])[] = [
  ['reasoningOutputTokens'],
  ['cachedInputTokens'],
  ['cacheWriteInputTokens'],
  ['cachedInputTokens', 'cacheWriteInputTokens'],
  ['reasoningOutputTokens', 'cachedInputTokens'],
  ['reasoningOutputTokens', 'cachedInputTokens', 'cacheWriteInputTokens'],
];

/**
 * Converts reported numbers to the meaning of {@link TokenUsage}. The server's total decides whether its parts are
 * inside their wholes or separate.
 */
export function reconcile({ input, output, total, parts }: ReportedNumbers, inputHoldsCache: boolean): Reconciled {
  const odd: string[] = [];
  let [inputTokens, outputTokens] = [input, output];
  let totalTokens = total ?? input + output;
  if (totalTokens === 0 && input + output > 0) {
    odd.push('totalTokens');
    totalTokens = input + output;
  } else if (totalTokens !== input + output) {
    const beside = besideWhole(totalTokens - input - output, { input, output, parts }, inputHoldsCache);
    if (beside === undefined) odd.push('totalTokens');
    for (const part of beside ?? []) {
      if (part === 'reasoningOutputTokens') outputTokens += parts[part] ?? 0;
      else inputTokens += parts[part] ?? 0;
    }
  }
  const kept: Partial<Record<TokenUsagePart, number>> = {};
  const room = { input: inputTokens, output: outputTokens };
  for (const part of TOKEN_USAGE_PARTS) {
    const count = parts[part];
    if (count === undefined) continue;
    const whole = part === 'reasoningOutputTokens' ? 'output' : 'input';
    if (count > room[whole]) odd.push(part);
    const cut = Math.min(count, room[whole]);
    kept[part] = cut;
    room[whole] -= cut;
  }
  const usage: TokenUsage = {
    inputTokens,
    cachedInputTokens: kept.cachedInputTokens ?? 0,
    cacheWriteInputTokens: kept.cacheWriteInputTokens ?? 0,
    outputTokens,
    reasoningOutputTokens: kept.reasoningOutputTokens ?? 0,
    totalTokens,
  };
  return { usage: withReported(usage, (part) => kept[part] !== undefined), odd };
}

/**
 * The parts that explain by how much the total exceeds input plus output. If several do, those that exceed their whole
 * and so cannot be inside it.
 */
function besideWhole(
  excess: number,
  { input, output, parts }: Omit<ReportedNumbers, 'total'>,
  inputHoldsCache: boolean,
): readonly TokenUsagePart[] | undefined {
  const sum = (group: readonly TokenUsagePart[]): number => group.reduce((all, part) => all + (parts[part] ?? 0), 0);
  const exceeds = (part: TokenUsagePart): boolean =>
    (parts[part] ?? 0) > (part === 'reasoningOutputTokens' ? output : input);
  const fitting = BESIDE.filter((group) => excess > 0 && sum(group) === excess);
  const certain = fitting.find((group) => group.some(exceeds));
  return (
    certain ?? fitting.find((group) => !inputHoldsCache || group.every((part) => part === 'reasoningOutputTokens'))
  );
}
