import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Telemetry } from '../model/telemetry.ts';
import { NO_TELEMETRY } from '../model/telemetry.ts';
import type { Forgotten, StoreLimits } from '../model/telemetry-store.ts';
import { TelemetryStore } from '../model/telemetry-store.ts';

/** How many items are in one event when a page connects. */
const REPLAY_ITEMS = 1000;
/** How much a page may leave unread before its connection is closed. It reconnects and gets everything again. */
const MAX_UNREAD_BYTES = 64 * 1024 * 1024;

/** Keeps what arrived, within limits, and sends it to pages by server-sent events. */
export interface LiveFeed {
  readonly onTelemetry: (telemetry: Telemetry) => void;
  /** What is kept. */
  kept(): Telemetry;
  forgotten(): Forgotten;
  /** Sends what is kept, then what arrives, until the page goes away. */
  follow(response: ServerResponse): Promise<void>;
}

export function createLiveFeed(limits?: StoreLimits): LiveFeed {
  const store = new TelemetryStore(limits);
  const followers = new Set<(telemetry: Telemetry) => void>();
  let metricPoints = 0;
  let unusable = 0;
  const kept = () => ({ ...store.all(), metricPoints, unusable });
  return {
    onTelemetry(telemetry) {
      store.add(telemetry);
      metricPoints += telemetry.metricPoints;
      unusable += telemetry.unusable;
      for (const tell of [...followers]) tell(telemetry);
    },
    kept,
    forgotten: () => store.forgotten,
    async follow(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      const waiting: Telemetry[] = [];
      const collect = (telemetry: Telemetry) => waiting.push(telemetry);
      const send = (telemetry: Telemetry) => {
        if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
        else response.write(eventText('telemetry', telemetry));
      };
      // From here on nothing is missed: new arrivals wait until the page has the old ones.
      followers.add(collect);
      response.on('close', () => {
        followers.delete(collect);
        followers.delete(send);
      });
      response.write(eventText('hello', store.forgotten));
      for (const part of inParts(kept())) {
        while (response.writableLength > MAX_UNREAD_BYTES / 4 && !response.destroyed) await wait(20);
        if (response.destroyed) return;
        response.write(eventText('telemetry', part));
      }
      response.write(eventText('live', {}));
      for (const telemetry of waiting) send(telemetry);
      followers.delete(collect);
      if (!response.destroyed) followers.add(send);
    },
  };
}

function* inParts({ spans, logs, metricPoints, unusable }: Telemetry): Generator<Telemetry> {
  yield { ...NO_TELEMETRY, metricPoints, unusable };
  for (let from = 0; from < spans.length; from += REPLAY_ITEMS) {
    yield { ...NO_TELEMETRY, spans: spans.slice(from, from + REPLAY_ITEMS) };
  }
  for (let from = 0; from < logs.length; from += REPLAY_ITEMS) {
    yield { ...NO_TELEMETRY, logs: logs.slice(from, from + REPLAY_ITEMS) };
  }
}

/** JSON without line breaks is one line of data. */
function eventText(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
