import type { Telemetry } from '../model/telemetry.ts';
import type { Forgotten } from '../model/telemetry-store.ts';

/** Is called with what arrives. */
export interface LiveListener {
  /** The server starts again: everything will be sent once more. */
  readonly onHello: (forgotten: Forgotten) => void;
  readonly onTelemetry: (telemetry: Telemetry) => void;
  readonly onConnection: (connected: boolean) => void;
}

/** Follows the server that the page came from. The browser reconnects automatically. */
export function followServer(listener: LiveListener): void {
  const source = new EventSource('/events');
  source.addEventListener('hello', ({ data }) => listener.onHello(JSON.parse(data)));
  source.addEventListener('telemetry', ({ data }) => listener.onTelemetry(JSON.parse(data)));
  source.addEventListener('live', () => listener.onConnection(true));
  source.addEventListener('error', () => listener.onConnection(false));
}

/** The telemetry that the page was saved with; `undefined` for a page from a server. */
export function embeddedTelemetry(): Telemetry | undefined {
  const text = document.getElementById('telemetry')?.textContent;
  return text === null || text === undefined ? undefined : JSON.parse(text);
}
