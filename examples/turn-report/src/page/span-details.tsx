import { useState } from 'preact/hooks';
import type { AttributeValue, LogRecord } from '../model/telemetry.ts';
import type { Turn } from '../model/turn.ts';
import type { RowNode } from '../model/turn-rows.ts';
import { formatCount, formatMillis, formatTime, formatUsage } from './format.ts';

/** How many records are listed before the user asks for more. */
const PAGE = 100;

/** Texts of up to this many characters need no scrolling. */
const SHORT_TEXT = 400;

/** Attributes, events and log records of the selected row. */
export function SpanDetails({ turn, row }: { readonly turn: Turn; readonly row: RowNode }) {
  const logs = recordsOf(turn, row);
  const { span, tool } = row;
  return (
    <section class="details" aria-labelledby="details-title">
      <h3 id="details-title" dir="auto">
        {row.label}
        {row.detail !== '' && <span class="detail"> {row.detail}</span>}
      </h3>
      <p class="soft">
        {formatMillis(row.endMillis - row.startMillis)}, {formatMillis(Math.max(row.startMillis - turn.startMillis, 0))}{' '}
        after the turn began
        {row.firstTokenMillis !== undefined &&
          `, waited ${formatMillis(row.firstTokenMillis - row.startMillis)} for the first token`}
        {row.usage !== undefined && `, ${formatUsage(row.usage)}`}
      </p>
      {tool?.result !== undefined && <ToolResult result={tool.result} />}
      {span === undefined ? (
        <p class="soft">This row has no span of its own.</p>
      ) : (
        <>
          <AttributeTable
            caption="Span"
            attributes={{
              name: span.name,
              ...(span.statusMessage === '' ? {} : { 'status message': span.statusMessage }),
              ...span.attributes,
              service: span.service,
              'trace id': span.traceId,
              'span id': span.spanId,
            }}
          />
          {span.events.length > 0 && (
            <Records
              title="Span events"
              records={span.events.map((event) => ({ ...event, body: '' }))}
              origin={turn.startMillis}
            />
          )}
        </>
      )}
      <Records title="Log records" records={logs} origin={turn.startMillis} />
    </section>
  );
}

function ToolResult({ result: { attributes } }: { readonly result: LogRecord }) {
  const [given, output] = [attributes.arguments, attributes.output];
  return (
    <div class="tool-result">
      {given !== undefined && (
        <>
          <h4>Arguments</h4>
          <Text label="Arguments" text={String(given)} />
        </>
      )}
      {output !== undefined && (
        <>
          <h4>Output</h4>
          <Text label="Output" text={String(output)} />
        </>
      )}
    </div>
  );
}

interface ShownRecord {
  readonly name: string;
  readonly timeMillis: number;
  readonly body: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

function Records(props: { readonly title: string; readonly records: readonly ShownRecord[]; readonly origin: number }) {
  const { title, records, origin } = props;
  const [shown, setShown] = useState(PAGE);
  if (records.length === 0) return null;
  return (
    <section class="records" aria-label={title}>
      <h4>
        {title} <span class="soft">({formatCount(records.length)})</span>
      </h4>
      <ul>
        {records.slice(0, shown).map((record, index) => (
          // Records have no id, and their order does not change.
          <li key={index}>
            <RecordLine record={record} origin={origin} />
          </li>
        ))}
      </ul>
      {records.length > shown && (
        <button type="button" onClick={() => setShown(shown + PAGE)}>
          Show {formatCount(Math.min(PAGE, records.length - shown))} more
        </button>
      )}
    </section>
  );
}

function RecordLine({ record, origin }: { readonly record: ShownRecord; readonly origin: number }) {
  const [isOpen, setOpen] = useState(false);
  const kind = record.attributes['event.kind'];
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary dir="auto">
        <span class="soft" title={formatTime(record.timeMillis)}>
          +{formatMillis(Math.max(record.timeMillis - origin, 0))}
        </span>{' '}
        {record.name === '' ? '(no name)' : record.name}
        {kind !== undefined && <span class="detail"> {String(kind)}</span>}
      </summary>
      {isOpen && (
        <AttributeTable
          caption={record.name}
          attributes={record.body === '' ? record.attributes : { body: record.body, ...record.attributes }}
        />
      )}
    </details>
  );
}

function AttributeTable(props: {
  readonly caption: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}) {
  return (
    <table class="attributes">
      <caption class="visually-hidden">Attributes of {props.caption}</caption>
      <tbody>
        {Object.entries(props.attributes).map(([key, value]) => (
          <tr key={key}>
            <th scope="row">
              <bdi>{key}</bdi>
            </th>
            <td>
              <Text label={key} text={String(value)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The records of a span. For the turn, also those of spans that have not arrived. */
function recordsOf(turn: Turn, row: RowNode): readonly LogRecord[] {
  if (row.kind !== 'turn' || row.span?.spanId !== turn.root?.spanId) {
    const spanId = row.span?.spanId;
    const callId = row.tool?.callId;
    return turn.logs.filter(
      (record) =>
        (spanId !== undefined && record.spanId === spanId) ||
        (callId !== undefined && record.attributes.call_id === callId),
    );
  }
  const known = new Set(turn.spans.map(({ spanId }) => spanId));
  return turn.logs.filter(({ spanId }) => spanId === undefined || spanId === turn.root?.spanId || !known.has(spanId));
}

/** A text, never as markup. A long one scrolls, so it must be reachable by keyboard. */
function Text({ label, text }: { readonly label: string; readonly text: string }) {
  if (text.length <= SHORT_TEXT) {
    return (
      <div class="value" dir="auto">
        {text}
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable text must be focusable
    <section class="value long" dir="auto" tabIndex={0} aria-label={label}>
      {text}
    </section>
  );
}
