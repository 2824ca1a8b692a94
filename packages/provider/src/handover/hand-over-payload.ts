import type { HeadersHelper, OtelSignal, OtlpConnection } from '@codex-otel/config';
import type { PlainBatch } from '../records/encode-batch.ts';
import { readFrames } from '../records/frames.ts';

/** A connection as plain data, for the uploader. */
export interface HandOverConnection extends Omit<OtlpConnection, 'headers'> {
  readonly headers: HandOverHeaders;
}

/**
 * Nothing can be awaited at exit, so the headers are those of the last export, or come from a command that the uploader
 * runs.
 */
export type HandOverHeaders =
  | { readonly kind: 'known'; readonly values: Readonly<Record<string, string>> }
  | {
      readonly kind: 'command';
      readonly helper: HeadersHelper;
      /** The command's environment; the uploader's own is only a part of it. */
      readonly env: Readonly<Record<string, string | undefined>>;
    };

/** A frame of a payload that says where the following batches of a signal go. */
export interface HandOverHead {
  readonly connections: Readonly<Partial<Record<OtelSignal, HandOverConnection>>>;
}

/** The batches for one connection. */
export interface HandOverSection {
  readonly signal: OtelSignal;
  readonly connection: HandOverConnection;
  readonly batches: readonly PlainBatch[];
}

/**
 * Reads a payload: heads and batches of all providers that ended together.
 *
 * @throws Error when the bytes are not a whole payload.
 */
export function readHandOverPayload(bytes: Buffer): readonly HandOverSection[] {
  const sections: (HandOverSection & { readonly batches: PlainBatch[] })[] = [];
  const current: Partial<Record<OtelSignal, PlainBatch[]>> = {};
  for (const frame of readFrames(bytes)) {
    // The checksums prove that our code wrote these frames.
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
