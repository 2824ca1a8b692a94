import { useRef, useState } from 'preact/hooks';
import type { Session } from '../model/report-model.ts';
import type { Turn } from '../model/turn.ts';
import { formatCost, formatCount, formatDay, formatThings, formatTime } from './format.ts';
import { prices, sumCost } from './prices.ts';
import type { Order } from './state.ts';
import { listedTurns, order, query, selectedTurn, selectTurn, sessions, turns } from './state.ts';
import { stateText, turnFacts, turnTitle } from './turn-facts.ts';

const ORDERS: readonly Order[] = ['by session', 'slowest', 'most expensive', 'failed first'];
/** How many turns are listed before the user asks for more. */
const PAGE = 200;

/** Sessions and turns, and how they are sorted. */
export function TurnList() {
  const [shown, setShown] = useState(PAGE);
  const list = useRef<HTMLElement>(null);
  const found = listedTurns.value;
  const groups =
    order.value === 'by session'
      ? bySession(found.slice(0, shown))
      : [{ session: undefined, turns: found.slice(0, shown) }];
  const active = found.some(({ key }) => key === selectedTurn.value?.key) ? selectedTurn.value?.key : found[0]?.key;
  return (
    <nav class="turns" aria-label="Turns" ref={list} onKeyDown={(event) => moveInList(event, list.current)}>
      <label class="order">
        Sort by
        <select
          value={order.value}
          onChange={(event) => {
            order.value = ORDERS.find((known) => known === event.currentTarget.value) ?? 'by session';
          }}
        >
          {ORDERS.map((known) => (
            <option key={known} value={known}>
              {known}
            </option>
          ))}
        </select>
      </label>
      {found.length === 0 && turns.value.length > 0 && <p class="none">No turn matches “{query.value}”.</p>}
      {groups.map(({ session, turns: listed }) => (
        <section key={session?.id ?? 'all'} aria-label={session === undefined ? 'All turns' : `Session ${session.id}`}>
          {session !== undefined && <SessionHead session={session} />}
          <ul>
            {listed.map((turn) => (
              <li key={turn.key} class={turn.parentKey === undefined ? '' : 'nested'}>
                <TurnButton turn={turn} isActive={turn.key === active} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {found.length > shown && (
        <button type="button" onClick={() => setShown(shown + PAGE)}>
          Show {formatCount(Math.min(PAGE, found.length - shown))} more of {formatCount(found.length)} turns
        </button>
      )}
    </nav>
  );
}

function SessionHead({ session }: { readonly session: Session }) {
  const cost = sumCost(session.turns, prices.value);
  const numbers = [
    formatThings(session.turns.length, 'turn'),
    ...(session.usage === undefined ? [] : [`${formatCount(session.usage.totalTokens)} tokens`]),
    ...(cost === undefined ? [] : [formatCost(cost)]),
  ];
  return (
    <header>
      <h2>{formatDay(session.startMillis)}</h2>
      <p class="session-id" title={session.id}>
        {session.parentId !== undefined && 'sub-agent, '}
        {session.id === '' ? 'no session known' : `session ${session.id.slice(0, 64)}`}
      </p>
      <p>{numbers.join(' · ')}</p>
    </header>
  );
}

function TurnButton({ turn, isActive }: { readonly turn: Turn; readonly isActive: boolean }) {
  const isSelected = turn.key === selectedTurn.value?.key;
  const about = [formatTime(turn.startMillis), turn.model];
  return (
    <button
      type="button"
      class={`turn ${turn.state}`}
      data-turn={turn.key}
      aria-current={isSelected ? 'true' : undefined}
      tabIndex={isActive ? 0 : -1}
      onClick={() => selectTurn(turn.key)}
    >
      <span class="title" dir="auto">
        {turnTitle(turn)}
      </span>
      <span class={`state ${turn.state}`}>{turn.state}</span>
      <span class="about" dir="auto">
        {about.filter((text) => text !== '').join(' · ')}
        {turn.state === 'open' && ` · ${stateText(turn)}`}
      </span>
      <span class="numbers">
        {turnFacts(turn)
          .map(({ alone }) => alone)
          .join(' · ')}
      </span>
    </button>
  );
}

function bySession(found: readonly Turn[]): readonly { readonly session: Session; readonly turns: readonly Turn[] }[] {
  const keys = new Set(found.map(({ key }) => key));
  return sessions.value
    .map((session) => ({ session, turns: session.turns.filter(({ key }) => keys.has(key)) }))
    .filter(({ turns: listed }) => listed.length > 0);
}

/** Arrows, Home and End select other turns. */
function moveInList(event: KeyboardEvent, list: HTMLElement | null): void {
  if (!(event.target instanceof HTMLElement) || event.target.dataset.turn === undefined || list === null) return;
  const buttons = [...list.querySelectorAll<HTMLElement>('button[data-turn]')];
  const at = buttons.indexOf(event.target);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  const next = to === undefined ? undefined : buttons[to];
  if (next?.dataset.turn === undefined) return;
  event.preventDefault();
  next.focus();
  selectTurn(next.dataset.turn);
}
