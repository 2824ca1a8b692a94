import { useMemo, useState } from 'preact/hooks';
import type { Turn } from '../model/turn.ts';
import type { RowNode } from '../model/turn-rows.ts';
import { turnRows } from '../model/turn-rows.ts';
import { formatCount, formatUsage } from './format.ts';
import { ProfileBar } from './profile-bar.tsx';
import { SpanDetails } from './span-details.tsx';
import { selectedSession, turns } from './state.ts';
import { TokenChart } from './token-chart.tsx';
import { stateText, turnFacts, turnTitle } from './turn-facts.ts';
import { Waterfall } from './waterfall.tsx';

/** The view of one turn. */
export function TurnView({ turn }: { readonly turn: Turn }) {
  const all = turns.value;
  const root = useMemo(
    () =>
      turnRows(
        turn,
        all.filter(({ traceId }) => traceId === turn.traceId),
      ),
    [turn, all],
  );
  const [selected, setSelected] = useState<RowNode>();
  // The same row in the newest tree, since more of it may have arrived.
  const row = useMemo(() => (selected && findRow(root, selected.id)) ?? root, [root, selected]);
  const session = selectedSession.value;
  return (
    <article aria-labelledby="turn-title">
      <header class="turn-head">
        <h2 id="turn-title" dir="auto">
          {turnTitle(turn)}
        </h2>
        <p class="turn-state">
          <span class={`state ${turn.state}`}>{stateText(turn)}</span>
          <span dir="auto">
            {[turn.model, turn.effort && `effort ${turn.effort}`].filter((text) => text !== '').join(' · ')}
          </span>
        </p>
        <dl class="facts">
          {turnFacts(turn).map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          {turn.profile.requests > 0 && (
            <div>
              <dt>Requests</dt>
              <dd>
                {formatCount(turn.profile.requests)}, {formatCount(turn.profile.retries)} sent again
              </dd>
            </div>
          )}
        </dl>
        {turn.usage !== undefined && <p class="usage">{formatUsage(turn.usage)}</p>}
        <UsageGap turn={turn} />
      </header>
      <ProfileBar profile={turn.profile} />
      <Waterfall turn={turn} root={root} selected={row} onSelect={setSelected} />
      <div class="under">
        <SpanDetails turn={turn} row={row} />
        {session !== undefined && <TokenChart session={session} selectedKey={turn.key} />}
      </div>
    </article>
  );
}

/** Warns if the data that arrived is inconsistent. */
function UsageGap({ turn: { usage, responsesUsage } }: { readonly turn: Turn }) {
  if (usage === undefined || responsesUsage === undefined || usage.totalTokens === responsesUsage.totalTokens)
    return null;
  return (
    <p class="gap">
      Its responses add up to {formatCount(responsesUsage.totalTokens)} tokens: not all of them arrived, or the turn
      counts differently.
    </p>
  );
}

function findRow(root: RowNode, id: string): RowNode | undefined {
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.id === id) return node;
    open.push(...node.children);
  }
  return undefined;
}
