import { useEffect, useRef } from 'preact/hooks';
import { formatThings } from './format.ts';
import { PricesButton } from './prices-dialog.tsx';
import { arrived, connection, query, selectedTurn, sessions, turns } from './state.ts';
import { TurnList } from './turn-list.tsx';
import { TurnView } from './turn-view.tsx';

const CONNECTIONS = {
  file: 'saved report',
  connecting: 'connecting…',
  live: 'live',
  lost: 'connection lost, trying again…',
} as const;

/** The page. */
export function App() {
  const turn = selectedTurn.value;
  return (
    <>
      <header class="top">
        <h1>Turn report</h1>
        <p class={`connection ${connection.value}`} role="status">
          {CONNECTIONS[connection.value]}
        </p>
        <Search />
        <PricesButton />
        {connection.value !== 'file' && (
          <details class="menu">
            <summary>Save as a file</summary>
            <div class="menu-body">
              <a href="/turn-report.html" download>
                Without prompts, arguments and outputs
              </a>
              <a href="/turn-report.html?content=yes" download>
                With everything that was received
              </a>
            </div>
          </details>
        )}
      </header>
      <div class="columns">
        <TurnList />
        <main>{turn === undefined ? <Nothing /> : <TurnView key={turn.key} turn={turn} />}</main>
      </div>
      <Arrived />
    </>
  );
}

function Search() {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLInputElement;
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', focus);
    return () => document.removeEventListener('keydown', focus);
  }, []);
  return (
    <label class="search">
      <span class="visually-hidden">Search turns, spans, attributes and log records</span>
      <input
        ref={input}
        type="search"
        placeholder="Search  ( / )"
        value={query.value}
        onInput={(event) => {
          query.value = event.currentTarget.value;
        }}
      />
    </label>
  );
}

function Nothing() {
  return (
    <div class="nothing">
      <h2>No turn has arrived yet</h2>
      {connection.value === 'file' ? (
        <p>There is no turn in this report.</p>
      ) : (
        <p>
          Send OTLP traces and log records here: the command that started this page printed the lines for your{' '}
          <code>config.toml</code>. A turn appears as soon as the first of it arrives.
        </p>
      )}
    </div>
  );
}

/** How much is kept, and how much was dropped. */
function Arrived() {
  const { forgotten, metricPoints, unusable } = arrived.value;
  const parts = [
    formatThings(sessions.value.length, 'session'),
    formatThings(turns.value.length, 'turn'),
    ...(metricPoints > 0 ? [`${formatThings(metricPoints, 'metric point')} arrived and are not shown`] : []),
    ...(unusable > 0 ? [`${formatThings(unusable, 'item')} could not be read`] : []),
  ];
  const gone = forgotten.spans + forgotten.logs;
  return (
    <footer class="arrived">
      <span>{parts.join(' · ')}</span>
      {gone > 0 && (
        <span class="gone">
          To stay within its memory limit, the page dropped {formatThings(forgotten.sessions, 'old session')}:{' '}
          {formatThings(forgotten.spans, 'span')}, {formatThings(forgotten.logs, 'log record')}.
        </span>
      )}
    </footer>
  );
}
