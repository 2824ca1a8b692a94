import type { Turn } from '../model/turn.ts';
import { cacheHitRatio } from '../model/usage.ts';
import { formatCost, formatCount, formatMillis, formatShare } from './format.ts';
import { prices, turnCost } from './prices.ts';
import { now, sessions } from './state.ts';

/** A fact of a turn for display. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  /** The text if its name is not shown next to it. */
  readonly alone: string;
}

/** The name of a turn: its number in the session, and its purpose if known. */
export function turnTitle(turn: Turn): string {
  const session = sessions.value.find(({ turns }) => turns.some(({ key }) => key === turn.key));
  const number = (session?.turns.findIndex(({ key }) => key === turn.key) ?? -1) + 1;
  const about = turn.prompt?.slice(0, 200) ?? (turn.task === 'turn' ? undefined : (TASKS[turn.task] ?? turn.task));
  const title = number === 0 ? 'Turn' : `Turn ${number}`;
  return about === undefined ? title : `${title}: ${about}`;
}

const TASKS: Readonly<Record<string, string>> = {
  compact: 'compaction',
  review: 'review',
  undo: 'undo',
  user_shell: 'shell command of the user',
};

/** How a turn went, in words. */
export function stateText(turn: Turn): string {
  if (turn.state !== 'open') return turn.state;
  const { progress } = turn;
  const phase = progress === undefined || progress.phase === '' ? '' : `: ${progress.phase.replaceAll('_', ' ')}`;
  const tools = progress === undefined || progress.toolsOpen === '' ? '' : `, tools ${progress.toolsOpen}`;
  const { totalTokens } = progress ?? {};
  const tokens = totalTokens === undefined ? '' : `, ${formatCount(totalTokens)} tokens so far`;
  return `open${phase}${tools}${tokens}, last heard from ${formatMillis(Math.max(now.value - turn.endMillis, 0))} ago`;
}

/** The numbers of a turn, with their units. */
export function turnFacts(turn: Turn): readonly Fact[] {
  const cost = turnCost(turn, prices.value);
  const hits = cacheHitRatio(turn.usage);
  const { usage, ttftMillis } = turn;
  const facts: Fact[] = [];
  const add = (name: string, value: string, after = '') => facts.push({ name, value, alone: `${value}${after}` });
  add('Duration', formatMillis(turn.endMillis - turn.startMillis));
  if (usage !== undefined) add('Tokens', `${formatCount(usage.totalTokens)} tokens`);
  if (cost !== undefined) add('Cost', formatCost(cost));
  if (hits !== undefined) add('Cache hits', formatShare(hits), ' cached');
  if (ttftMillis !== undefined) add('Time to first token', formatMillis(ttftMillis), ' to first token');
  return facts;
}
