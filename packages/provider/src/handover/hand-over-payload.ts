import type { HeadersHelper, OtelSignal, OtlpConnection } from '@codex-otel/config';
import type { PlainBatch } from '../records/encode-batch.ts';
import { readFrames } from '../records/frames.ts';

/** A connection as data: what the uploader needs to send what another process queued. */
export interface HandOverConnection extends Omit<OtlpConnection, 'headers'> {
  readonly headers: HandOverHeaders;
}

/** Nothing can be awaited at exit: headers are those of the last export, or come from a command that the uploader runs. */
export type HandOverHeaders =
  | { readonly kind: 'known'; readonly values: Readonly<Record<string, string>> }
  | {
      readonly kind: 'command';
      readonly helper: HeadersHelper;
      /** The command's environment; the uploader itself has only a part of it. */
      readonly env: Readonly<Record<string, string | undefined>>;
    };

/** A frame of a payload that says where the batches of a signal go, from here on. */
export interface HandOverHead {
  readonly connections: Readonly<Partial<Record<OtelSignal, HandOverConnection>>>;
}

/** What goes over one connection. */
export interface HandOverSection {
  readonly signal: OtelSignal;
  readonly connection: HandOverConnection;
  readonly batches: readonly PlainBatch[];
}

/**
 * Reads a payload: heads and batches, of as many providers as ended together.
 *
 * @throws Error when the bytes are not a whole payload.
 */
export function readHandOverPayload(bytes: Buffer): readonly HandOverSection[] {
  const sections: (HandOverSection & { readonly batches: PlainBatch[] })[] = [];
  const current: Partial<Record<OtelSignal, PlainBatch[]>> = {};
  for (const frame of readFrames(bytes)) {
    // Checksums have told that these frames were written by the other end.
    const value = frame as HandOverHead | PlainBatch;
    if ('connections' in value) {
      for (const [name, connection] of Object.entries(value.connections)) {
        const signal = name as OtelSignal;
        const batches: PlainBatch[] = [];
        current[signal] = batches;
        sections.push({ signal, connection, batches });
      }
    } else {
      current[value.signal]?.push(value);
    }
  }
  if (sections.length === 0) throw new Error('the payload is empty');
  return sections;
}
